import { drawComparison } from "./comparison.js";
import { html } from "./html.js";
import { renderPage } from "./page.js";
import { type ReadOptions, type RunSnapshot, readRun } from "./run/index.js";
import { drawRun } from "./run-page.js";
import { toLine } from "./words.js";

/** The options of `renderReport`. */
export interface ReportOptions {
  /** Another run, to be shown beside this one: what differed in plan, time and cost. @default none */
  readonly against?: RunSnapshot;
  /**
   * Whether a tool only reads. A step that leaves `dependsOn` out comes after the step before it unless its tool does,
   * so the drawing needs to know.
   * @default every tool: only what steps name is drawn
   */
  readonly isReadOnly?: (tool: string) => boolean;
  /**
   * Whether somebody is at work on the thread, if you know it, such as from a server. A snapshot does not tell a run that
   * is under way from one that was cut off.
   * @default the page says "under way, or cut off"
   */
  readonly isRunning?: boolean;
  /** After how many seconds a browser reads the file again, as long as the run is not over. @default never */
  readonly refreshSeconds?: number;
  /** Returns the time in milliseconds. @default Date.now */
  readonly now?: () => number;
}

const MAX_TITLE = 80;

/**
 * Renders a thread's last turn as one HTML file: plan, time, cost, steps, decisions and conversation. It needs nothing
 * else, and has no script. `snapshot` is what `agent.getState` gives.
 * @throws ReportError if a snapshot holds no turn.
 */
export function renderReport(snapshot: RunSnapshot, options: ReportOptions = {}): string {
  const { against, refreshSeconds, isRunning, isReadOnly = () => true, now = Date.now } = options;
  const reading: ReadOptions = { isReadOnly, now };
  const run = readRun(snapshot, { ...reading, isRunning });
  const refreshed = run.isOver ? {} : { refreshSeconds };
  const goal = toLine(run.state.turn.goal, MAX_TITLE);
  if (against === undefined) {
    return renderPage({ title: `${goal} · plan-execute`, body: drawRun(run), ...refreshed });
  }
  const other = readRun(against, reading);
  const goals = run.state.turn.goal === other.state.turn.goal ? [run] : [run, other];
  const titles = goals.map(
    ({ state }, side) =>
      html`<h1>${goals.length > 1 && html`<span class="quiet">${side === 0 ? "A" : "B"}</span> `}<bdi>${state.turn.goal}</bdi></h1>`,
  );
  const body = html`<header><p class="crumbs">Two runs side by side</p>${titles}</header><main>${drawComparison(run, other)}</main>`;
  return renderPage({ title: `${goal} · two runs · plan-execute`, body });
}
