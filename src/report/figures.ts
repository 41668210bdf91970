import { countOf, toDuration } from "../base/index.js";
import { type Html, html } from "./html.js";
import type { Run } from "./run/index.js";
import { toDollars } from "./words.js";

/** A number that sums a run up, with what it means. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
  /** The value, and how to write it; null if it is not known. */
  readonly amount: number | null;
  write(amount: number): string;
}

/** The numbers that sum a run up. */
export function figuresOf(run: Run): Figure[] {
  const { steps, times, startedAt, endedAt, state } = run;
  const { usage, planVersions } = state;
  const done = steps.filter((step) => step.state === "done").length;
  const savedMs = Math.max(0, times.workMs - times.elapsedMs);
  const share = times.workMs === 0 ? 0 : Math.round((savedMs / times.workMs) * 100);
  return [
    {
      name: "Time",
      value: toDuration(endedAt - startedAt),
      detail: `steps took ${toDuration(times.elapsedMs)}`,
      amount: endedAt - startedAt,
      write: toDuration,
    },
    {
      name: "Steps",
      value: `${done} of ${steps.length}`,
      detail: planVersions.length > 1 ? `done, of plan version ${planVersions.length}` : "done",
      amount: steps.length,
      write: String,
    },
    {
      name: "Saved by parallel work",
      value: toDuration(savedMs),
      detail: `${share} % of ${toDuration(times.workMs)} one after the other`,
      amount: savedMs,
      write: toDuration,
    },
    {
      name: "Critical path",
      value: toDuration(times.pathMs),
      detail: `through ${countOf(times.path.length, "step")}`,
      amount: times.pathMs,
      write: toDuration,
    },
    {
      name: "Tokens",
      value: (usage.inputTokens + usage.outputTokens).toLocaleString("en-US"),
      detail: `in ${countOf(usage.calls, "model call")}`,
      amount: usage.inputTokens + usage.outputTokens,
      write: (tokens) => tokens.toLocaleString("en-US"),
    },
    {
      name: "Cost",
      value: usage.costUsd === null ? "unknown" : toDollars(usage.costUsd),
      detail: usage.cutOff === undefined ? "of model calls" : "at least: work was cut off",
      amount: usage.costUsd,
      write: toDollars,
    },
  ];
}

/** Shows the numbers that sum a run up. */
export function drawFigures(run: Run): Html {
  const figures = figuresOf(run).map(
    ({
      name,
      value,
      detail,
    }) => html`<div><dt>${name}</dt><dd><b>${value}</b><span>${detail}</span></dd></div>
`,
  );
  return html`<dl class="figures">${figures}</dl>`;
}
