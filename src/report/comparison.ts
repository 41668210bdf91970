import { toDuration } from "../base/index.js";
import { type Figure, figuresOf } from "./figures.js";
import { drawGraph } from "./graph.js";
import { type Html, html } from "./html.js";
import {
  type ComparedStep,
  compareRuns,
  durationOf,
  type Run,
  type RunStep,
  WORK_AND_ASKING,
} from "./run/index.js";
import { drawTimeLine, scaleOf } from "./time-line.js";
import { RUN_BADGES, STEP_BADGES, toDollars, toLine } from "./words.js";

const MAX_NAME = 100;

/** Two runs, each with the name that the page gives it. */
const NAMES = ["A", "B"] as const;

/** Shows two runs side by side: what differed in plan, time and cost. */
export function drawComparison(first: Run, second: Run): Html {
  const runs = [first, second] as const;
  const steps = compareRuns(first, second);
  const scales = runs.map((run) => scaleOf(run));
  const lengthMs = Math.max(...scales.map((scale) => scale.lengthMs));
  const anchorOf = (side: number) => (index: number) => {
    const step = runs[side]?.steps[index];
    return `pair-${steps.findIndex((pair) => (side === 0 ? pair.first : pair.second) === step)}`;
  };
  return html`<section aria-labelledby="sum"><h2 id="sum">In numbers</h2>
<div class="scroll" role="region" aria-label="In numbers" tabindex="0"><table class="numbers"><thead><tr><th scope="col"></th>${NAMES.map((name, side) => html`<th scope="col">${name} <span class="quiet">${toLine(runs[side]?.threadId ?? "", 24)}</span></th>`)}<th scope="col">B less A</th></tr></thead><tbody>
<tr><th scope="row">Status</th>${runs.map(({ status }) => html`<td><span class="${RUN_BADGES[status].tone}">${RUN_BADGES[status].sign} ${RUN_BADGES[status].word}</span></td>`)}<td></td></tr>
${figuresOf(first).map((figure, index) => drawFigure(figure, figuresOf(second)[index] ?? figure))}</tbody></table></div></section>
<section aria-labelledby="steps"><h2 id="steps">Step by step</h2>
<div class="scroll" role="region" aria-label="Step by step" tabindex="0"><table class="pairs"><thead><tr><th scope="col">Step</th><th scope="col">Plan</th><th scope="col">A</th><th scope="col">B</th><th scope="col">B less A</th></tr></thead><tbody>
${steps.map((pair, index) => drawPair(pair, index))}</tbody></table></div></section>
<section aria-labelledby="time"><h2 id="time">Time</h2>
${runs.map((run, side) => html`<h3>${NAMES[side]} <span class="quiet"><bdi>${run.threadId}</bdi></span></h3>${drawTimeLine(run, { from: scales[side]?.from ?? 0, lengthMs }, anchorOf(side))}`)}</section>
<section aria-labelledby="plan"><h2 id="plan">Plans</h2>
${runs.map((run, side) => html`<h3>${NAMES[side]} <span class="quiet"><bdi>${run.threadId}</bdi></span></h3>${drawGraph(run, anchorOf(side), NAMES[side])}`)}</section>`;
}

function drawFigure(before: Figure, after: Figure): Html {
  const isKnown = before.amount !== null && after.amount !== null;
  const difference = isKnown ? toSigned(after.amount - before.amount, after.write) : "";
  return html`<tr><th scope="row">${before.name}</th><td>${before.value}</td><td>${after.value}</td><td>${difference}</td></tr>
`;
}

function drawPair({ first, second, isSame }: ComparedStep, index: number): Html {
  const step = second ?? first;
  const verdict =
    first === undefined ? "only in B" : second === undefined ? "only in A" : isSame ? "the same" : "changed";
  const workOf = (one: RunStep | undefined) =>
    one === undefined ? undefined : durationOf(one.spans, WORK_AND_ASKING);
  const [before, after] = [workOf(first), workOf(second)];
  const difference = before === undefined || after === undefined ? "" : toSigned(after - before, toDuration);
  return html`<tr id="pair-${index}"><th scope="row"><b><bdi>${toLine(step?.id ?? "", MAX_NAME)}</bdi></b> <bdi>${toLine(step?.planned.description ?? "", MAX_NAME)}</bdi></th><td><span class="tag${isSame ? " same" : ""}">${verdict}</span></td>${[first, second].map(drawEnd)}<td>${difference}</td></tr>
`;
}

function drawEnd(step: RunStep | undefined): Html {
  if (step === undefined) {
    return html`<td>–</td>`;
  }
  const { sign, word, tone } = STEP_BADGES[step.state];
  const took = toDuration(durationOf(step.spans, WORK_AND_ASKING));
  const cost = step.usage === undefined ? "" : ` · ${toDollars(step.usage.costUsd)}`;
  return html`<td><span class="${tone}">${sign} ${word}</span> ${took}${cost}</td>`;
}

function toSigned(difference: number, write: (amount: number) => string): string {
  return difference === 0 ? "0" : `${difference < 0 ? "−" : "+"}${write(Math.abs(difference))}`;
}
