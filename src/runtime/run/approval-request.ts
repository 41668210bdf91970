import { hasHidden, toQuoted, toVisible, toVisibleName } from "../../base/index.js";
import { type PlanStep, writeCallWords, writeStepLine } from "../../plan/index.js";
import type { ActionRequest, WaitingNotice } from "../../policy/index.js";
import type { OpenRequest, Turn, Waiting, WaitingAction } from "../../state/index.js";

/**
 * The value of the interrupt. It is LangChain JS's human-in-the-loop request, and also what Agent Chat UI reads, which
 * needs the other spelling.
 */
export interface ApprovalRequest {
  readonly requestId: string;
  /** ISO time at which the request was made. */
  readonly askedAt: string;
  /** ISO time from which the request takes no answer; absent if it never expires. */
  readonly expiresAt?: string;
  readonly actionRequests: readonly ActionRequest[];
  readonly reviewConfigs: readonly ReviewConfig[];
  readonly action_requests: readonly ActionRequest[];
  readonly review_configs: readonly ReviewConfig[];
  /** Why the last answer was refused; the request still stands. */
  readonly error?: string;
}

/** The decisions that one action allows, in both spellings. */
interface ReviewConfig {
  readonly actionName: string;
  readonly allowedDecisions: readonly string[];
  readonly action_name: string;
  readonly allowed_decisions: readonly string[];
}

/** Turns everything that waits into one request. */
export function toApprovalRequest(
  { id: requestId, askedAt, expiresAt, waiting, refusal }: OpenRequest,
  plan: readonly PlanStep[],
): ApprovalRequest {
  const error = refusal === null ? undefined : toVisible(refusal);
  // Chat clients show no `error`, and of several descriptions only the first.
  const actionRequests = waiting
    .map((item) => toActionRequest(item, plan))
    .map((action, index) => ({
      ...action,
      description: `${error === undefined || index > 0 ? "" : toRefusalNotice(error)}${action.description}`,
    }));
  const reviewConfigs = waiting.map(toReviewConfig);
  return {
    requestId,
    askedAt,
    ...(expiresAt === null ? {} : { expiresAt }),
    actionRequests,
    reviewConfigs,
    action_requests: actionRequests,
    review_configs: reviewConfigs,
    ...(error === undefined ? {} : { error }),
  };
}

/** What stands before an action's description if the last answer was refused. */
export function toRefusalNotice(error: string): string {
  return `Your last answer was not taken: ${error}\n\n`;
}

/** Turns the waiting request into a notice for `onWaiting`. */
export function toWaitingNotice(
  request: OpenRequest,
  { turn: { id: turnId }, plan }: { readonly turn: Turn; readonly plan: readonly PlanStep[] },
  threadId: string | undefined,
): WaitingNotice {
  const { requestId, askedAt, expiresAt, actionRequests, reviewConfigs } = toApprovalRequest(request, plan);
  return {
    ...(threadId === undefined ? {} : { threadId }),
    turnId,
    requestId,
    askedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    actions: actionRequests.map((action, index) => ({
      ...action,
      allowedDecisions: reviewConfigs[index]?.allowedDecisions ?? [],
    })),
    howToAnswer:
      `Resume the thread with { "requestId": "${requestId}", "decisions": [...] }, one decision for each action, in ` +
      'order: { "type": "approve" }, { "type": "edit", "editedAction": { "name", "args" } }, ' +
      '{ "type": "reject", "message": "why" } or { "type": "respond", "response": … }, as its allowedDecisions say.',
  };
}

/** The argument of a shown question that an edit writes the answer to. */
export const ANSWER = "answer";

const ON_LINES =
  "Each line is a step: its [id], what runs, and last what the model says of it. To edit, leave a line as it is to keep " +
  "its step, delete it to drop the step, change its call, or write words in place of the call: an agent does those. " +
  "A new step begins without an [id].";
const ON_PLAN = `The plan waits for you: approve it, edit it, or say what is wrong. ${ON_LINES}`;
/** The words of a rejection that give up, for clients whose form takes no rejection without words. */
const GIVE_UP = "give up";
const ON_GUIDANCE =
  "What failed or is left stands in the plan. Approve: take what was achieved as the result. Edit: do this remainder " +
  `(a step that failed and is left in is done again). Reject with the words "${GIVE_UP}", or without words: end here. ` +
  `Reject with other words: plan again with them as a hint. ${ON_LINES}`;

/** Whether the rejection of a request for guidance gives up, rather than giving a hint. */
export function isGivenUp(words = ""): boolean {
  const plain = words.trim().toLowerCase().replace(/[.!]$/, "");
  return plain === "" || plain === GIVE_UP;
}

function toActionRequest(waiting: Waiting, plan: readonly PlanStep[]): ActionRequest {
  const { actionId } = waiting;
  const name = shownName(waiting);
  switch (waiting.kind) {
    case "plan": {
      const { steps } = waiting;
      return { name, args: { plan: toLines(steps) }, description: ON_PLAN, actionId, steps };
    }
    case "guidance": {
      const { steps } = waiting;
      // The reason is no argument, because a form makes every argument a field to edit.
      const description = `The run cannot go on by itself: ${toVisible(waiting.reason)}\n\n${ON_GUIDANCE}`;
      return { name, args: { plan: toLines(steps) }, description, actionId, steps };
    }
    case "action": {
      const { args: call, asks, stepId } = waiting;
      // A client that knows no answers in words has a form for the arguments, and one of them is the answer.
      const args = asks === undefined ? call : { question: asks, [ANSWER]: "" };
      return { name, args, description: describeAction(waiting, plan), actionId, stepId };
    }
  }
}

function toReviewConfig(waiting: Waiting): ReviewConfig {
  const name = shownName(waiting);
  const { allowedDecisions } = waiting;
  return {
    actionName: name,
    allowedDecisions,
    action_name: name,
    allowed_decisions: allowedDecisions,
  };
}

function toLines(steps: readonly PlanStep[]): string {
  return steps.map(writeStepLine).join("\n");
}

/** Clients show the arguments as they are, so the description says what cannot be seen in them. */
function describeAction(waiting: WaitingAction, plan: readonly PlanStep[]): string {
  const { worker, tool, stepId, made, asks, outcome } = waiting;
  if (outcome !== undefined) {
    return `Step ${toVisibleName(stepId)}: ${toVisible(String(asks))}`;
  }
  if (asks !== undefined) {
    const question = typeof asks === "string" ? toVisible(asks) : toCode(toQuoted(asks));
    return `${toVisibleName(tool)} asks, for step ${toVisibleName(stepId)}: ${question}`;
  }
  const place = placeOf(stepId, plan);
  const asked =
    worker === undefined
      ? `${nameAction(waiting, plan)}${place}`
      : `The worker ${toVisibleName(worker)} asks${place}: ${nameAction(waiting, plan)}`;
  const words =
    made === undefined
      ? asked
      : `${asked}\n\nThe tool does not take the arguments as they are: it makes ${toCode(toQuoted(made))} of them.`;
  const call = hiddenCall(waiting);
  if (call === undefined) {
    return words;
  }
  return `${words}\n\nLook closely: the call holds characters that cannot be seen. Written out, it is ${call}`;
}

/** What a waiting call does, in words: those of its rule, or else words made from the call itself. */
export function nameAction(
  { tool, args, description, undoes }: Pick<WaitingAction, "tool" | "args" | "description" | "undoes">,
  plan: readonly PlanStep[],
): string {
  const made = writeCallWords(tool, args, plan);
  const what = undoes === undefined ? "" : "Undo what was done: ";
  return what + toVisible(description ?? `${made.slice(0, 1).toUpperCase()}${made.slice(1)}`);
}

/**
 * The place in the plan of the step that a part belongs to: " (2 of 5)", or nothing if it is the only step. A part is a
 * step, or an item as `id[0]`.
 */
export function placeOf(partId: string, plan: readonly PlanStep[]): string {
  const place = plan.findIndex(({ id }) => id === stepOf(partId)) + 1;
  return place === 0 || plan.length === 1 ? "" : ` (${place} of ${plan.length})`;
}

/** The id of the step that a part belongs to. */
export function stepOf(partId: string): string {
  return partId.replace(/\[\d+\]$/, "");
}

/** The name under which a waiting item is shown: the tool's name, "undo:" and it, "plan" or "guidance". */
export function shownName(waiting: Waiting): string {
  if (waiting.kind !== "action") {
    return waiting.kind;
  }
  // No tool can have this name, so nobody who approves a tool's calls by its name approves an undo unseen.
  return waiting.undoes === undefined ? waiting.tool : `undo:${waiting.tool}`;
}

/**
 * Wraps a line of JSON and plain names as Markdown code, so that every character shows. Backticks, and spaces that
 * would run together, can only occur inside quotes in such a line, so they are written as escapes.
 */
export function toCode(line: string): string {
  return `\`${line.replaceAll("`", "\\u0060").replaceAll(/(?<= ) /g, "\\u0020")}\``;
}

/** Writes out a waiting call's hidden characters. Returns undefined if it has none. */
function hiddenCall({ stepId, tool, args }: WaitingAction): string | undefined {
  if (!hasHidden([tool, args])) {
    return undefined;
  }
  return toCode(`[${toVisibleName(stepId)}] ${toVisibleName(tool)} ${toQuoted(args)}`);
}
