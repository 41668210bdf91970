import { toDuration } from "../base/index.js";
import { type Html, html } from "./html.js";
import {
  durationOf,
  type Run,
  type RunStep,
  type Span,
  type SpanKind,
  WORK_AND_ASKING,
} from "./run/index.js";
import { SPAN_WORDS, STEP_BADGES, toLine, toUsageWords } from "./words.js";

const MAX_NAME = 80;
/** The least width of a bar, as a share of the whole. A narrower one would not be visible. */
const LEAST_PERCENT = 0.35;
const KINDS: readonly SpanKind[] = [
  "planning",
  "waiting",
  "running",
  "failing",
  "retrying",
  "asking",
  "answering",
];
/** Milliseconds between two marks of the scale: from 1 ms to a week. */
const MARKS = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1_000, 2_000, 5_000, 10_000, 20_000, 30_000],
  ...[60_000, 120_000, 300_000, 600_000, 1_800_000],
  ...[3_600_000, 7_200_000, 21_600_000, 43_200_000, 86_400_000, 604_800_000],
];
const MAX_MARKS = 6;

/** The time that a row is drawn in. Two runs side by side share its length. */
export interface Scale {
  readonly from: number;
  readonly lengthMs: number;
}

/** The whole time of a run. */
export function scaleOf({ startedAt, endedAt, steps, phases }: Run, leastMs = 1): Scale {
  const spans = [...phases, ...steps.flatMap((step) => step.spans)];
  const from = Math.min(startedAt, ...spans.map((span) => span.from));
  return { from, lengthMs: Math.max(leastMs, endedAt - from) };
}

/** Draws when each step waited, ran, paused and asked, one row each, below what the run did beside its steps. */
export function drawTimeLine(run: Run, scale: Scale, anchor: (index: number) => string): Html {
  const spans = [...run.phases, ...run.steps.flatMap((step) => step.spans)];
  const shown = KINDS.filter((kind) => spans.some((span) => span.kind === kind));
  const legend = shown.map(
    (kind) =>
      html`<li><svg width="18" height="10" aria-hidden="true"><rect class="${kind}" width="18" height="10" rx="2"/></svg> ${SPAN_WORDS[kind]}</li>`,
  );
  const mark = html`<li><span class="crit" aria-hidden="true">◆</span> on the critical path</li>`;
  const isMarked = run.steps.some(({ isCritical }) => isCritical);
  return html`<ul class="legend">${legend}${isMarked && mark}</ul>
<ol class="rows">
<li class="row scale" aria-hidden="true"><span></span>${drawScale(scale)}<span></span></li>
${run.phases.length > 0 && html`<li class="row"><span class="label">Plan and answer</span>${drawSpans(run.phases, scale)}<span class="took">${toDuration(durationOf(run.phases, ["planning", "answering", "asking"]))}</span></li>`}
${run.steps.map((step, index) => drawRow(step, scale, anchor(index)))}
</ol>`;
}

function drawRow(step: RunStep, scale: Scale, target: string): Html {
  const { id, planned, state, spans, isCritical, usage } = step;
  const { sign, word, tone } = STEP_BADGES[state];
  const ms = durationOf(spans, WORK_AND_ASKING);
  const used = toUsageWords(usage);
  const told = spans.length === 0 ? word : toDuration(ms);
  return html`<li class="row${isCritical ? " critical" : ""}"><a class="label" href="#${target}"><span class="sign ${tone}" aria-hidden="true">${sign}</span> ${isCritical && html`<span class="crit" title="on the critical path">◆</span> `}<bdi>${toLine(id, MAX_NAME)}</bdi> <bdi>${toLine(planned.description, MAX_NAME)}</bdi></a>${drawSpans(spans, scale)}<span class="took"><b>${told}</b>${used !== "" && html` <span class="used">${used}</span>`}</span></li>
`;
}

/** Draws a bar of spans, with its meaning in words for screen readers. */
function drawSpans(spans: readonly Span[], { from, lengthMs }: Scale): Html {
  const toPercent = (ms: number) => Math.round((ms / lengthMs) * 100_000) / 1_000;
  const bars = spans.map((span) => {
    const width = Math.max(LEAST_PERCENT, toPercent(span.to - span.from));
    const x = Math.min(100 - width, Math.max(0, toPercent(span.from - from)));
    const said = `${SPAN_WORDS[span.kind]}: ${toDuration(span.to - span.from)}`;
    const height = span.kind === "waiting" ? 2 : 14;
    return html`<rect class="${span.kind}" x="${x}%" y="${(20 - height) / 2}" width="${width}%" height="${height}" rx="${height > 2 ? 2 : 0}"><title>${said}</title></rect>`;
  });
  const said = spans.map(({ kind, from: begin, to }) => `${SPAN_WORDS[kind]} for ${toDuration(to - begin)}`);
  return html`<svg class="bar" height="20" width="100%" role="img" aria-label="${said.join(", ") || "did not begin"}">${bars}</svg>`;
}

function drawScale({ lengthMs }: Scale): Html {
  const every = MARKS.find((ms) => lengthMs / ms <= MAX_MARKS) ?? lengthMs;
  const marks = Array.from({ length: Math.floor(lengthMs / every) + 1 }, (_, index) => index * every);
  const drawn = marks.map((ms) => {
    const percent = Math.round((ms / lengthMs) * 10_000) / 100;
    const anchor = percent < 5 ? "start" : percent > 95 ? "end" : "middle";
    return html`<text x="${percent}%" y="13" text-anchor="${anchor}">${ms === 0 ? "0" : toDuration(ms)}</text>`;
  });
  return html`<svg class="bar" height="18" width="100%">${drawn}</svg>`;
}
