import { isRecord, toDuration } from "../base/index.js";
import type { StepResult } from "../plan/index.js";
import { toDecisionLine } from "./history.js";
import { type Html, html } from "./html.js";
import { durationOf, type Run, type RunStep, WORK_AND_ASKING } from "./run/index.js";
import { STEP_BADGES, toExactMoment, toLine, toUsageWords } from "./words.js";

/** The most that is shown of one value, because a page with the outputs of 200 steps must still open. */
const MAX_CHARACTERS = 20_000;
const MAX_NAME = 80;

/** Shows each step in full: what it was to do, what it got, what it gave, and each attempt. */
export function drawStepDetails({ steps }: Run, anchor: (index: number) => string): Html {
  const places = new Map(steps.map(({ id }, index) => [id, index]));
  const toLink = (id: string) =>
    html`<a href="#${anchor(places.get(id) ?? 0)}"><bdi>${toLine(id, MAX_NAME)}</bdi></a> `;
  return html`${steps.map((step, index) => drawStep(step, { target: anchor(index), toLink }))}`;
}

interface Shown {
  readonly target: string;
  readonly toLink: (id: string) => Html;
}

function drawStep(step: RunStep, { target, toLink }: Shown): Html {
  const { id, planned, state, result, spans, usage, dependsOn, decisions, replaced } = step;
  const { sign, word, tone } = STEP_BADGES[state];
  const took = spans.length === 0 ? "" : toDuration(durationOf(spans, WORK_AND_ASKING));
  const brief = [word, took, toUsageWords(usage)].filter(Boolean).join(" · ");
  const args = result?.args ?? planned.args;
  // The browser opens the details around what a link leads to, so the target is inside.
  return html`<details class="step"${tone === "bad" ? html` open` : false}><summary><span class="sign ${tone}" aria-hidden="true">${sign}</span> <b><bdi>${toLine(id, MAX_NAME)}</bdi></b> <bdi class="what">${planned.description}</bdi> <span class="brief">${brief}</span></summary>
<div class="body" id="${target}">
<dl class="facts">
${toFact("Done by", planned.tool ?? planned.worker ?? "an agent")}
${toFact("Only if", planned.if)}${toFact("For each of", planned.forEach)}${toFact("Must give", planned.expect)}${toFact("Beware of", planned.pitfalls)}
${dependsOn.length > 0 && html`<div><dt>Comes after</dt><dd>${dependsOn.map(toLink)}</dd></div>`}
${result !== undefined && toFact("Attempts", String(result.attempts))}${toFact("Items", result?.items?.toString())}
${toFact("Began", result?.startedAt && toExactMoment(result.startedAt))}${toFact("Ended", result && toExactMoment(result.endedAt))}
</dl>
${args !== undefined && drawValue(result?.args === undefined ? "Input, as it is planned" : "Input", args)}
${result?.output !== undefined && drawValue(result.truncated ? "Output, as far as it was kept" : "Output", result.output)}
${result?.artifact !== undefined && drawValue("Artifact", result.artifact)}
${result?.error !== undefined && drawError(result.error)}
${drawRetries(result)}
${decisions.length > 0 && html`<h4>Decisions</h4><ul>${decisions.map((one) => html`<li>${toDecisionLine(one)}</li>`)}</ul>`}
${replaced.map((one) => html`<h4>Before it was planned anew: ${STEP_BADGES[one.status].word}</h4>${one.error !== undefined && drawError(one.error)}${one.output !== undefined && drawValue("Output", one.output)}`)}
</div></details>
`;
}

function toFact(name: string, value: string | undefined): Html | undefined {
  return value === undefined || value === ""
    ? undefined
    : html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>`;
}

/** Shows a value: a text as it is, anything else as JSON. */
export function drawValue(title: string, value: unknown): Html {
  const isPlain = typeof value === "string";
  const text = isPlain ? value : JSON.stringify(value, null, 2);
  const isCut = text.length > MAX_CHARACTERS;
  const shown = isCut ? text.slice(0, MAX_CHARACTERS) : text;
  const isEmpty = text === "" || (isRecord(value) && Object.keys(value).length === 0);
  if (isEmpty) {
    return html`<h4>${title}</h4><p class="quiet">empty</p>`;
  }
  return html`<h4>${title}</h4><pre dir="auto" tabindex="0" aria-label="${title}">${shown}</pre>${isCut && html`<p class="quiet">The first ${MAX_CHARACTERS.toLocaleString("en-US")} of ${text.length.toLocaleString("en-US")} characters. The thread has it whole.</p>`}`;
}

function drawError({ code, message }: NonNullable<StepResult["error"]>): Html {
  return html`<h4>Error</h4><p class="error"><code>${code}</code> <bdi>${message}</bdi></p>`;
}

function drawRetries(result: StepResult | undefined): Html | undefined {
  const { retries = [] } = result ?? {};
  return retries.length === 0
    ? undefined
    : html`<h4>Attempts before the last</h4><ol>${retries.map(({ at, delayMs, error }) => html`<li>failed at ${toExactMoment(at)}: <bdi>${error}</bdi> The next began ${toDuration(delayMs)} later.</li>`)}</ol>`;
}
