import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

const json = (response: ServerResponse, body: string) =>
  response.writeHead(200, { "content-type": "application/json" }).end(body);

/** Pages that are made to hurt whoever fetches them. */
const pages: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "/endless"(response) {
    const piece = Buffer.alloc(65_536, "a");
    const write = () => {
      while (!response.destroyed && response.write(piece)) {}
      response.once("drain", write);
    };
    response.writeHead(200, { "content-type": "text/plain" });
    write();
  },
  "/bytes"(response) {
    response.writeHead(200, { "content-type": "text/plain" });
    const write = () => {
      for (let count = 0; count < 500; count += 1) {
        response.write("x");
      }
      if (!response.destroyed) {
        setImmediate(write);
      }
    };
    write();
  },
  "/trickle"(response) {
    response.writeHead(200, { "content-type": "text/plain" });
    const timer = setInterval(() => response.write("x"), 5);
    response.once("close", () => clearInterval(timer));
  },
  "/headers": (response) => void response.socket?.write(`HTTP/1.1 200 OK\r\n${"a: b\r\n".repeat(100_000)}`),
  "/loop": (response) => void response.writeHead(302, { location: `/loop?${"a".repeat(8_000)}` }).end(),
  "/nested": (response) => json(response, "[".repeat(131_000) + "]".repeat(131_000)),
  "/lists": (response) => json(response, `[${"[],".repeat(87_000)}1]`),
  "/gzip": (response) =>
    void response
      .writeHead(200, { "content-type": "text/plain", "content-encoding": "gzip" })
      .end(Buffer.alloc(9)),
};

/** Starts the server; gives its origin, and how it is ended. */
export async function startHostileServer(): Promise<{ readonly origin: string; close(): void }> {
  const server = createServer((request, response) => {
    const page = pages[request.url?.split("?", 1)[0] ?? ""];
    if (page === undefined) {
      response.writeHead(404).end();
    } else {
      page(response);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new Error("the server has no port");
  }
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
