import { drawFigures } from "./figures.js";
import { drawGraph } from "./graph.js";
import { drawConversation, drawDecisions, drawUndone, drawVersions } from "./history.js";
import { type Html, html } from "./html.js";
import type { Run } from "./run/index.js";
import { drawStepDetails } from "./step-details.js";
import { drawTimeLine, scaleOf } from "./time-line.js";
import { drawUsage } from "./usage-table.js";
import { drawWaiting } from "./waiting.js";
import { RUN_BADGES, toMoment } from "./words.js";

/** A part of the page that is reached from the list at its top. */
interface Section {
  readonly id: string;
  readonly title: string;
  readonly content: Html;
}

const toAnchor = (index: number) => `step-${index + 1}`;

/** Shows a run. What waits may be shown with a form. */
export function drawRun(run: Run, waiting: Html | false | undefined = drawWaiting(run)): Html {
  const { times, state, status, threadId, startedAt } = run;
  const { sign, word, tone } = RUN_BADGES[status];
  const sections = sectionsOf(run);
  const reason = state.outcome?.reason ?? "";
  const isTold = status === "done" || reason === "" || reason === state.response;
  return html`<header><p class="crumbs">Thread <bdi>${threadId}</bdi> · began ${toMoment(startedAt)} UTC</p>
<h1 dir="auto">${state.turn.goal}</h1>
<p><span class="badge ${tone}">${sign} ${word}</span></p>
${!isTold && html`<p class="reason"><bdi>${reason}</bdi></p>`}
${drawFigures(run)}
<nav aria-label="On this page">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a> `)}</nav></header>
<main>${waiting}
${sections.map(
  ({
    id,
    title,
    content,
  }) => html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>
`,
)}</main>
<footer>${times.path.length > 0 && "◆ and strong lines: the critical path, the chain of steps that no order of the same work makes shorter. "}Times are in UTC.</footer>`;
}

function sectionsOf(run: Run): Section[] {
  const { steps, state } = run;
  const { response, outcome, planVersions, decisions, steering } = state;
  const answer = {
    id: "answer",
    title: "Answer",
    content: html`<div class="answer" dir="auto">${response}</div>`,
  };
  const plan: Section[] = [
    { id: "plan", title: "Plan", content: drawGraph(run, toAnchor) },
    { id: "time", title: "Time", content: drawTimeLine(run, scaleOf(run), toAnchor) },
  ];
  const details = { id: "steps", title: "Steps", content: drawStepDetails(run, toAnchor) };
  return [
    ...(response === "" ? [] : [answer]),
    ...(outcome?.undone === undefined ? [] : [{ id: "undone", title: "Undone", content: drawUndone(run) }]),
    ...(steps.length === 0 ? [] : plan),
    { id: "cost", title: "Tokens and cost", content: drawUsage(run) },
    ...(steps.length === 0 ? [] : [details]),
    ...(planVersions.length === 0
      ? []
      : [{ id: "versions", title: "Versions of the plan", content: drawVersions(run) }]),
    ...(decisions.length + steering.length === 0
      ? []
      : [{ id: "decisions", title: "Decisions", content: drawDecisions(run) }]),
    { id: "conversation", title: "Conversation", content: drawConversation(run) },
  ];
}
