// What was said, decided and undone: the versions of the plan, the decisions of people, what became of calls that were to
// be undone, and the conversation.
import type { BaseMessage } from "@langchain/core/messages";
import { countOf } from "../base/index.js";
import type { Decision } from "../state/index.js";
import { type Html, html } from "./html.js";
import type { Run } from "./run/index.js";
import { toLine, toMoment } from "./words.js";

const MAX_LINE = 300;
const MAX_MESSAGE_CHARACTERS = 20_000;

/** Shows each version of the plan: who made it, why, and its steps with what is new in them. */
export function drawVersions({ state: { planVersions } }: Run): Html {
  const known = new Set<string>();
  const versions = planVersions.map(({ version, by, at, reason, steps, replaced = [] }) => {
    const lines = steps.map((step) => {
      const line = `${step.id}. ${step.description}`;
      const isNew = version > 1 && !known.has(line);
      known.add(line);
      return html`<li${isNew ? html` class="new"` : false}><b><bdi>${toLine(step.id, MAX_LINE)}</bdi></b> <bdi>${toLine(step.description, MAX_LINE)}</bdi> <span class="quiet">${step.tool ?? "agent"}</span>${isNew && html` <span class="tag">new</span>`}</li>
`;
    });
    const gone =
      replaced.length === 0
        ? ""
        : ` In place of ${countOf(replaced.length, "step")} that did not come out right.`;
    return html`<details class="step"${version === planVersions.length && version > 1 ? html` open` : false}><summary><b>Version ${version}</b> <span class="what">by ${by}: <bdi>${toLine(reason, MAX_LINE)}</bdi></span> <span class="brief">${countOf(steps.length, "step")} · ${toMoment(at)} UTC</span></summary><div class="body"><ol class="plain">${lines}</ol>${gone !== "" && html`<p class="quiet">${gone}</p>`}</div></details>
`;
  });
  return html`${versions}`;
}

/** Shows what people decided and what they changed between steps. */
export function drawDecisions({ state: { decisions, steering } }: Run): Html {
  const decided = decisions.map((one) => ({ at: one.at, line: toDecisionLine(one) }));
  const steered = steering.map((change) => {
    const { by, saidBy, at, type } = change;
    const who = by ?? (saidBy === undefined ? "somebody" : `somebody who says to be ${saidBy}`);
    const what =
      type === "message"
        ? `said: ${change.text}`
        : type === "plan"
          ? "changed the plan"
          : type === "give-up"
            ? "gave the turn up"
            : `wanted step ${change.stepId} ${type === "skip" ? "left out" : "done again"}`;
    return {
      at,
      line: html`<b><bdi>${who}</bdi></b> <bdi>${toLine(what, MAX_LINE)}</bdi>, ${toMoment(at)} UTC`,
    };
  });
  const all = [...decided, ...steered].toSorted((one, other) => (one.at < other.at ? -1 : 1));
  return html`<ul class="plain">${all.map(
    ({ line }) => html`<li>${line}</li>
`,
  )}</ul>`;
}

/** Shows what was undone, and what could not be and why. */
export function drawUndone({ state: { outcome } }: Run): Html {
  const calls = (outcome?.undone ?? []).map(({ stepId, tool, args, status, output, reason, at }) => {
    const isUndone = status === "undone";
    const told = isUndone ? output : (reason ?? "no reason was given");
    const said = told === undefined ? undefined : typeof told === "string" ? told : JSON.stringify(told);
    return html`<li><b>${isUndone ? "✓ undone" : "✗ still holds"}</b> <code><bdi>${toLine(`${tool}(${JSON.stringify(args)})`, MAX_LINE)}</bdi></code> of step <bdi>${stepId}</bdi>${said !== undefined && html`: <bdi>${toLine(said, MAX_LINE)}</bdi>`} <span class="quiet">${toMoment(at)} UTC</span></li>
`;
  });
  return html`<ul class="plain">${calls}</ul>`;
}

const DEEDS: Readonly<Record<Decision["type"], string>> = {
  approve: "approved",
  edit: "edited",
  reject: "rejected",
  respond: "answered",
};

/** One decision in words: who decided what about which call, and when. */
export function toDecisionLine({
  by,
  type,
  shown,
  stepId,
  tool,
  args,
  message,
  response,
  at,
  askedAt,
}: Decision): Html {
  const what =
    shown === undefined
      ? stepId === undefined
        ? "the plan"
        : `step ${stepId}`
      : `${shown.tool}(${JSON.stringify(shown.args)})`;
  const instead = args === undefined ? undefined : `${tool ?? shown?.tool ?? ""}(${JSON.stringify(args)})`;
  const words = message ?? (response === undefined ? undefined : JSON.stringify(response));
  return html`<b><bdi>${by ?? "somebody"}</bdi></b> ${DEEDS[type]} <code><bdi>${toLine(what, MAX_LINE)}</bdi></code>${instead !== undefined && html` to <code><bdi>${toLine(instead, MAX_LINE)}</bdi></code>`}${words !== undefined && html`: <bdi>${toLine(words, MAX_LINE)}</bdi>`} <span class="quiet">${toMoment(at)} UTC${askedAt !== undefined && `, asked at ${toMoment(askedAt)}`}</span>`;
}

const SPEAKERS: Readonly<Record<string, string>> = {
  human: "Person",
  ai: "Agent",
  tool: "Tool",
  system: "System",
};

/** Shows the conversation of the thread, with the turns before this one. */
export function drawConversation({ state: { messages } }: Run): Html {
  const said: BaseMessage[] = messages;
  const lines = said.flatMap((message) => {
    const { text } = message;
    const speaker = SPEAKERS[message.type] ?? message.type;
    const shown =
      text.length > MAX_MESSAGE_CHARACTERS ? `${text.slice(0, MAX_MESSAGE_CHARACTERS)} … [cut]` : text;
    return text.trim() === ""
      ? []
      : [
          html`<li class="message ${message.type === "human" ? "person" : "agent"}"><span class="speaker">${speaker}</span><div dir="auto">${shown}</div></li>
`,
        ];
  });
  return html`<ol class="conversation">${lines}</ol>`;
}
