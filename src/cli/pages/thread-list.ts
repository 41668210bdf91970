import { describeError } from "../../base/index.js";
import { type Html, html, RUN_BADGES, toLine, toMoment } from "../../report/index.js";
import { nameAction, readThread } from "../asking/index.js";
import { threadIds } from "../manage-threads.js";
import { statusOf } from "../show-thread.js";
import type { PageSource } from "./write-report.js";

/** How many threads are on one page: few, because each is read in full. */
const PAGE_SIZE = 30;
const MAX_GOAL = 140;
const MAX_NAME = 48;

/** Draws one page of the list of threads, the one that changed last first. */
export async function drawThreadList({ threads, agent }: PageSource, page: number): Promise<Html> {
  const ids = await threadIds(threads);
  const pages = Math.max(1, Math.ceil(ids.length / PAGE_SIZE));
  const shown = Math.min(Math.max(1, page), pages);
  const rows: Html[] = [];
  for (const threadId of ids.slice((shown - 1) * PAGE_SIZE, shown * PAGE_SIZE)) {
    rows.push(await drawThread(agent, threadId));
  }
  const list = html`<section aria-label="Threads"><table class="threads"><thead><tr><th scope="col">Status</th><th scope="col">Goal</th><th scope="col">Changed (UTC)</th></tr></thead><tbody>
${rows}</tbody></table></section>`;
  const toPage = (number: number, words: string) =>
    number >= 1 && number <= pages && number !== shown && html`<a href="/?page=${number}">${words}</a> `;
  return html`<header><h1>Threads</h1><p class="crumbs">${ids.length === 0 ? "There are none yet." : `${ids.length.toLocaleString("en-US")} in all, the one that changed last first.`}</p></header>
<main>${ids.length > 0 && list}</main>
${pages > 1 && html`<nav aria-label="More threads">${toPage(shown - 1, "← Newer")}<span class="quiet">Page ${shown} of ${pages}</span> ${toPage(shown + 1, "Older →")}</nav>`}`;
}

/** One that cannot be read must not hide the others. */
async function drawThread(agent: PageSource["agent"], threadId: string): Promise<Html> {
  const name = html`<bdi>${toLine(threadId, MAX_NAME)}</bdi>`;
  try {
    const state = await readThread(agent, threadId);
    const badge = Object.entries(RUN_BADGES).find(([status]) => status === statusOf(state))?.[1];
    const waiting = state.request?.actionRequests ?? [];
    return html`<tr><td>${badge && html`<span class="badge ${badge.tone}">${badge.sign} ${badge.word}</span>`}</td><td><a href="/threads/${encodeURIComponent(threadId)}"><bdi>${toLine(state.values?.turn?.goal ?? "no goal yet", MAX_GOAL)}</bdi></a><br><span class="quiet">${name}</span>${waiting.map((action) => html`<br><span class="ask">waits: <bdi>${toLine(nameAction(action), MAX_GOAL)}</bdi></span>`)}</td><td>${toMoment(state.changedAt ?? "")}</td></tr>
`;
  } catch (error) {
    return html`<tr><td><span class="badge quiet">unreadable</span></td><td>${name}<br><span class="error"><bdi>${toLine(describeError(error), MAX_GOAL)}</bdi></span></td><td></td></tr>
`;
  }
}
