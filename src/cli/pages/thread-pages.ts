import { drawRun, type Html, html, type Page, readRun } from "../../report/index.js";
import { readThread } from "../asking/index.js";
import type { PreparedAgent } from "../create-agent.js";
import type { Surroundings } from "../surroundings.js";
import { drawDecisionForm, type FormContext, readDecisionForm } from "./decision-form.js";
import { readSnapshot } from "./read-snapshot.js";
import type { ResumedRuns } from "./resumed-runs.js";
import { drawThreadList } from "./thread-list.js";
import type { PageSource } from "./write-report.js";

/** What the pages need: threads to show, and what forms are read with. */
export type ServedSource = PageSource & Pick<PreparedAgent, "tools" | "dependenciesOf">;

/** What a request gets. */
export type Reply =
  | { readonly kind: "page"; readonly status: number; readonly page: Page }
  | { readonly kind: "moved"; readonly to: string; readonly cookie?: string };

const LIST_REFRESH_SECONDS = 10;
const RUN_REFRESH_SECONDS = 2;

/** The pages of all threads. */
export interface ThreadPages {
  /** The page of an address. */
  show(url: URL): Promise<Reply>;
  /** Takes the decision of a form that was sent to an address. */
  decide(url: URL, form: URLSearchParams): Promise<Reply>;
}

/** Creates the pages. */
export function createThreadPages(
  source: ServedSource,
  runs: ResumedRuns,
  context: FormContext,
  { now }: Pick<Surroundings, "now">,
): ThreadPages {
  const { agent, threads, isReadOnly } = source;
  const read = async (threadId: string) => {
    // Another process may be at work on it. This one knows of its own runs alone.
    const isRunning = runs.isRunning(threadId) || undefined;
    const run = readRun(await readSnapshot(agent, threads, threadId), { isReadOnly, now, isRunning });
    const { request } = await readThread(agent, threadId);
    // The thread may have gone on between the two reads. A form is only for what the page shows.
    return { run, request: request?.requestId === run.state.request?.id ? request : undefined };
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

/** A page that says why another is not shown. */
export function explain(status: number, reason: string): Reply {
  const body = html`<header><h1>This cannot be shown</h1></header><main><p>${reason}</p><p><a href="/">All threads</a></p></main>`;
  return toPage(status, "Not shown", body);
}
