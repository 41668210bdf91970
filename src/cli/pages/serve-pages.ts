import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { describeError } from "../../base/index.js";
import { drawRun, type Html, html, type Page, policyOf, readRun, renderPage } from "../../report/index.js";
import { readThread } from "../asking/index.js";
import type { PreparedAgent } from "../create-agent.js";
import type { CommandOptions } from "../options/index.js";
import { EXIT_CODES } from "../report.js";
import { type Surroundings, UsageError } from "../surroundings.js";
import { writeText } from "../write.js";
import { drawDecisionForm, type FormContext, readDecisionForm } from "./decision-form.js";
import { createRequestGuard } from "./guard-requests.js";
import { readSnapshot } from "./read-snapshot.js";
import { createResumedRuns, type ResumedRuns } from "./resumed-runs.js";
import { drawThreadList } from "./thread-list.js";
import type { PageSource } from "./write-report.js";

/** What the pages need: threads to show, and what forms are read with. */
export type ServedSource = PageSource & Pick<PreparedAgent, "tools" | "dependenciesOf">;

/** What a request gets. */
type Reply =
  | { readonly kind: "page"; readonly status: number; readonly page: Page }
  | { readonly kind: "moved"; readonly to: string; readonly cookie?: string };

const HOST = "127.0.0.1";
const LIST_REFRESH_SECONDS = 10;
const RUN_REFRESH_SECONDS = 2;
const MAX_FORM_BYTES = 1_000_000;

/** Serves the pages of all threads on loopback until the person stops it. Returns the exit code. */
export async function servePages(
  options: CommandOptions,
  source: ServedSource,
  surroundings: Surroundings,
): Promise<number> {
  const guard = createRequestGuard();
  const runs = createResumedRuns(options, source.threads, surroundings);
  const pages = createPages(
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
  port = await new Promise<number>((listening, fail) => {
    server.once("error", (cause) =>
      fail(new UsageError(`Port ${port} cannot be used: ${cause.message}. Give another --port.`, { cause })),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      listening(typeof address === "object" && address !== null ? address.port : port);
    });
  });
  writeText(surroundings.stdout, `http://${HOST}:${port}/?token=${guard.token}\n`);
  writeText(surroundings.stderr, "Whoever has this address may decide what waits. Ctrl-C ends the server.\n");
  await aborted(surroundings.signal);
  server.close();
  server.closeAllConnections();
  await runs.settled();
  return EXIT_CODES.done;
}

interface Pages {
  show(url: URL): Promise<Reply>;
  decide(url: URL, form: URLSearchParams): Promise<Reply>;
}

function createPages(
  source: ServedSource,
  runs: ResumedRuns,
  context: FormContext,
  { now }: Pick<Surroundings, "now">,
): Pages {
  const { agent, threads, isReadOnly } = source;
  const read = async (threadId: string) => {
    const run = readRun(await readSnapshot(agent, threads, threadId), { isReadOnly, now });
    return { run, request: (await readThread(agent, threadId)).request };
  };

  async function showThread(
    threadId: string,
    status = 200,
    problems: readonly string[] = [],
    typed?: URLSearchParams,
  ): Promise<Reply> {
    const { run, request } = await read(threadId);
    const isRunning = runs.isRunning(threadId);
    const form =
      request === undefined || isRunning ? undefined : drawDecisionForm(run, request, context, typed);
    const failed = isRunning ? undefined : runs.problemOf(threadId);
    const notices = [...problems, ...(failed === undefined ? [] : [`The run did not go on: ${failed}`])];
    const isLive = isRunning || (run.isUnderWay && form === undefined);
    const body = html`<p class="crumbs"><a href="/">← All threads</a></p>${notices.length > 0 && html`<section class="notice" role="alert">${notices.map((one) => html`<p class="error">${one}</p>`)}</section>`}${drawRun(run, form ?? (isRunning && html`<section><p>The run goes on.</p></section>`))}`;
    return toPage(status, run.state.turn.goal, body, isLive ? RUN_REFRESH_SECONDS : undefined);
  }

  return {
    async show({ pathname, searchParams }) {
      if (pathname === "/") {
        const list = await drawThreadList(source, Math.trunc(Number(searchParams.get("page") ?? 1)) || 1);
        return toPage(200, "Threads", list, LIST_REFRESH_SECONDS);
      }
      const threadId = threadIn(pathname);
      return threadId === undefined ? explain(404, "There is no such page.") : showThread(threadId);
    },
    async decide({ pathname }, form) {
      const threadId = threadIn(pathname);
      if (threadId === undefined) {
        return explain(404, "There is no such page.");
      }
      const { run, request } = await read(threadId);
      if (request === undefined || runs.isRunning(threadId) || form.get("request") !== request.requestId) {
        return showThread(threadId, 409, [
          "Nothing was decided: what that page showed does not wait any more.",
        ]);
      }
      const answer = readDecisionForm(form, run, request, context);
      if (answer.kind === "wrong") {
        return showThread(threadId, 422, answer.problems, form);
      }
      runs.resume(threadId, answer.answer);
      return { kind: "moved", to: `/threads/${encodeURIComponent(threadId)}` };
    },
  };
}

/** The thread that a path names. */
function threadIn(pathname: string): string | undefined {
  const [, name] = /^\/threads\/([^/]+)$/.exec(pathname) ?? [];
  try {
    return name === undefined ? undefined : decodeURIComponent(name);
  } catch (error) {
    if (!(error instanceof URIError)) {
      throw error;
    }
    return undefined;
  }
}

function toPage(status: number, title: string, body: Html, refreshSeconds?: number): Reply {
  return {
    kind: "page",
    status,
    page: { title: `${title} · plan-execute`, body, refreshSeconds, hasForms: true },
  };
}

function explain(status: number, reason: string): Reply {
  const body = html`<header><h1>This cannot be shown</h1></header><main><p>${reason}</p><p><a href="/">All threads</a></p></main>`;
  return toPage(status, "Not shown", body);
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
