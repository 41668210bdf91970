import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describeError } from "../../base/index.js";
import { policyOf, renderPage } from "../../report/index.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { writeText } from "../write.js";
import { createRequestGuard } from "./guard-requests.js";
import { HOST, listenHere, whenAborted } from "./listen-here.js";
import { createResumedRuns } from "./resumed-runs.js";
import { createThreadPages, explain, type Reply, type ServedSource } from "./thread-pages.js";

const MAX_FORM_BYTES = 1_000_000;

/** Serves the pages of all threads on loopback until the person stops it. Returns the exit code. */
export async function servePages(
  options: CommandOptions,
  source: ServedSource,
  surroundings: Surroundings,
): Promise<number> {
  const guard = createRequestGuard();
  const runs = createResumedRuns(options, source.threads, surroundings);
  const pages = createThreadPages(
    source,
    runs,
    { ...source, formWord: guard.formWord, userName: surroundings.userName },
    surroundings,
  );
  let port = options.port ?? 0;
  const answer = async (request: IncomingMessage): Promise<Reply> => {
    // Joined and not resolved: a path such as //other.example/ is one of ours, and an unknown one.
    const url = new URL(`http://${HOST}${request.url?.startsWith("/") ? request.url : "/not-a-path"}`);
    const verdict = guard.judge(request, url, port);
    if (verdict.kind === "refused") {
      return explain(verdict.status, verdict.reason);
    }
    if (verdict.kind === "opened") {
      return { kind: "moved", to: "/", cookie: guard.cookie(port) };
    }
    if (request.method === "GET") {
      return pages.show(url);
    }
    const form = await readForm(request);
    return guard.isOwnForm(form.get("form"))
      ? pages.decide(url, form)
      : explain(403, "This form is from another start of the server. Open the thread again.");
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error) => explain(error instanceof UsageError ? 404 : 500, describeError(error)))
      .then((reply) => send(response, reply));
  });
  port = await listenHere(server, port);
  writeText(surroundings.stdout, `http://${HOST}:${port}/?token=${guard.token}\n`);
  writeText(surroundings.stderr, "Whoever has this address may decide what waits. Ctrl-C ends the server.\n");
  await whenAborted(surroundings.signal);
  server.close();
  server.closeAllConnections();
  await runs.settled();
  return EXIT_CODES.done;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MAX_FORM_BYTES) {
      throw new UsageError(`The form is larger than ${MAX_FORM_BYTES} bytes. Decide at the terminal.`);
    }
    chunks.push(part);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}

function send(response: ServerResponse, reply: Reply): void {
  const headers = {
    "cache-control": "no-store",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
  };
  if (reply.kind === "moved") {
    const cookie = reply.cookie === undefined ? {} : { "set-cookie": reply.cookie };
    response.writeHead(303, { ...headers, ...cookie, location: reply.to }).end();
    return;
  }
  const policy = `${policyOf(reply.page)}; frame-ancestors 'none'`;
  const type = { "content-type": "text/html; charset=utf-8", "content-security-policy": policy };
  response.writeHead(reply.status, { ...headers, ...type }).end(renderPage(reply.page));
}
