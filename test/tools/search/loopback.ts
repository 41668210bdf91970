import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

/** A request as a service sees it. */
export interface SeenRequest {
  readonly method: string;
  /** With the host that was meant, also where the request came through the server as a proxy. */
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** What a service answers. */
export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly body: string;
}

/** A server on loopback that stands for a service. */
export interface Loopback {
  readonly origin: string;
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

/** Starts a server that answers as it is told to. */
export async function startLoopback(answer: (request: SeenRequest) => Reply): Promise<Loopback> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const seen = {
      method: request.method ?? "",
      url: new URL(request.url ?? "", `http://${request.headers.host}`),
      headers: request.headers,
      body: await text(request),
    };
    requests.push(seen);
    const { status = 200, type = "text/html", body } = answer(seen);
    response.writeHead(status, { "content-type": type, connection: "close" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    async close() {
      if (!server.listening) {
        return;
      }
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** An answer in the format in which the service gives it. */
export function recorded(name: string): Reply {
  const type = { json: "application/json", xml: "application/atom+xml", html: "text/html" }[
    name.split(".")[1] ?? ""
  ];
  return {
    type: type ?? "application/javascript",
    body: readFileSync(new URL(`./recorded/${name}`, import.meta.url), "utf8"),
  };
}

/**
 * A `fetch` that reaches loopback alone: what is meant for `service` goes to the origin instead, anything else that
 * would leave the machine is refused.
 */
export function loopbackFetch(origin: string, service?: string): typeof fetch {
  const realFetch = fetch;
  return (input, init) => {
    const wanted = new URL(input instanceof Request ? input.url : input);
    if (service !== undefined && wanted.origin === service) {
      return realFetch(new URL(wanted.pathname + wanted.search, origin), init);
    }
    if (wanted.hostname === "127.0.0.1") {
      return realFetch(input, init);
    }
    throw new Error(`the test would have asked ${wanted.origin}`);
  };
}
