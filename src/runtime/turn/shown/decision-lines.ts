// What waits for a person, and what people have decided in this turn, as Markdown below the plan. A decision stays
// visible to the end of the turn.
import { escapeMarkdown, hasHidden, toQuoted, toVisible, toVisibleName } from "../../../base/index.js";
import type { PlanStep } from "../../../plan/index.js";
import {
  type AgentState,
  type Decision,
  decidedPart,
  type Waiting,
  type WaitingAction,
} from "../../../state/index.js";
import { isGivenUp, nameAction, placeOf, toCode, UNDO } from "../../run/index.js";

/** The most decisions that are listed: a for-each step may ask for hundreds. */
const MAX_DECISIONS = 20;

const ON_PLAN =
  "**The plan waits for you.** Each line is a step: its id, what runs, and last what the model says of it.";
const ON_HIDDEN =
  "**Look closely:** the call holds characters that cannot be seen. Here they are written out.";

/** Writes what waits, whole: each action in words and as exactly the call that would be made. */
export function toWaitingLines(waiting: readonly Waiting[], plan: readonly PlanStep[]): string[] {
  return waiting.flatMap((item) => (item.kind === "action" ? toActionLines(item, plan) : []));
}

/** What stands above a plan that waits, or above the steps of a run that needs guidance. */
export function toWaitingHead(waiting: readonly Waiting[]): string[] {
  return waiting.flatMap((item) => {
    if (item.kind === "action") {
      return [];
    }
    return item.kind === "plan"
      ? [ON_PLAN]
      : [`**The run needs you.** It cannot go on by itself: ${escapeMarkdown(toVisible(item.reason))}`];
  });
}

function toActionLines(action: WaitingAction, plan: readonly PlanStep[]): string[] {
  const { asks, tool, args, stepId } = action;
  const place = placeOf(stepId, plan);
  const call = toCallCode(tool, args);
  const warning = hasHidden([tool, args]) ? [ON_HIDDEN] : [];
  if (asks !== undefined) {
    const question = typeof asks === "string" ? escapeMarkdown(toVisible(asks)) : toCode(toQuoted(asks));
    return [`**Asks you:** ${question}${place}`, ...warning.flatMap((one) => [call, one])];
  }
  return [`**Waits for you:** ${escapeMarkdown(nameAction(action, plan))}${place}`, call, ...warning];
}

/** The decisions that people are shown: a plan that a person edited is approved with the same answer. */
export function listedDecisions(decisions: readonly Decision[]): Decision[] {
  const edits = new Set(decisions.filter(({ type }) => type === "edit").map(({ requestId }) => requestId));
  return decisions.filter(
    ({ actionId, type, requestId }) =>
      !(type === "approve" && actionId.startsWith("plan:") && edits.has(requestId)),
  );
}

/** Writes one line for each decision of the turn. */
export function toDecisionLines({
  decisions,
  plan,
  turn,
}: Pick<AgentState, "decisions" | "plan" | "turn">): string[] {
  const shown = listedDecisions(decisions);
  const left = shown.length - MAX_DECISIONS;
  const lines = shown
    .slice(-MAX_DECISIONS)
    .map((decision) => `- ${toDecisionLine(decision, plan, turn?.id ?? "")}`);
  const all = [...(left > 0 ? [`- ${left} earlier decisions`] : []), ...lines];
  return all.length === 0 ? [] : [all.join("\n")];
}

const PLAN_DECISIONS: Readonly<Record<Decision["type"], string>> = {
  approve: "Plan approved",
  respond: "Plan approved",
  edit: "Plan changed",
  reject: "Plan rejected",
};
const ACTION_DECISIONS: Readonly<Record<Decision["type"], string>> = {
  approve: "Approved",
  edit: "Changed",
  reject: "Rejected",
  respond: "Answered",
};

/** Says who decided what: "Approved by olga". */
export function nameDecision({ actionId, type, by, message }: Decision): string {
  const who = by === undefined ? "" : ` by ${by}`;
  if (actionId.startsWith("plan:")) {
    return `${PLAN_DECISIONS[type]}${who}`;
  }
  if (actionId.startsWith(UNDO)) {
    return `${ACTION_DECISIONS[type]}${who}, to undo`;
  }
  if (!actionId.startsWith("guidance:")) {
    return `${ACTION_DECISIONS[type]}${who}`;
  }
  if (type === "reject") {
    return `${isGivenUp(message) ? "Given up" : "Hint"}${who}`;
  }
  return `${type === "edit" ? "What is left was changed" : "Taken as the result"}${who}`;
}

/** Whether a decision is about the plan as a whole, and not about a call. */
export function isOnPlan({ actionId }: Decision): boolean {
  return /^(?:plan|guidance):/.test(actionId);
}

function toDecisionLine(decision: Decision, plan: readonly PlanStep[], turnId: string): string {
  const { message, shown, isVoid } = decision;
  const name = escapeMarkdown(toVisible(nameDecision(decision)));
  const said = message === undefined || message.trim() === "" ? "" : `: ${quoted(message)}`;
  if (isOnPlan(decision)) {
    return `${name}${said}`;
  }
  const place = placeOf(decidedPart(decision, turnId), plan);
  const words = shown === undefined ? "an action" : escapeMarkdown(nameAction(shown, plan));
  const tail = isVoid ? " (asked anew)" : "";
  return `${name}: ${words}${place}${toGiven(decision)}${said}${tail}`;
}

/** What the person gave in place of the call, or as the answer. */
function toGiven({ tool, args, response }: Decision): string {
  if (response !== undefined) {
    return `: ${typeof response === "string" ? quoted(response) : toCode(toQuoted(response))}`;
  }
  return tool === undefined || args === undefined ? "" : `, to ${toCallCode(tool, args)}`;
}

function quoted(words: string): string {
  return `“${escapeMarkdown(toVisible(words))}”`;
}

function toCallCode(tool: string, args: WaitingAction["args"]): string {
  return toCode(`${toVisibleName(tool)} ${toQuoted(args)}`);
}
