import type { AgentState, Waiting } from "../state/index.js";
import { toPlanText } from "./plan-message.js";

/** One action as every client reads it. */
export interface ActionRequest {
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly description: string;
  readonly actionId: string;
  readonly stepId?: string;
}

/** What may be answered, in both spellings. */
export interface ReviewConfig {
  readonly actionName: string;
  readonly allowedDecisions: readonly string[];
  readonly action_name: string;
  readonly allowed_decisions: readonly string[];
}

/**
 * The interrupt's value: LangChain JS's request of human in the loop, and at the same time what Agent Chat UI
 * reads, which wants the other spelling.
 */
export interface ApprovalRequest {
  readonly requestId: string;
  /** ISO time at which the request was made. */
  readonly askedAt: string;
  /** ISO time from which it takes no answer; absent where it never expires. */
  readonly expiresAt?: string;
  readonly actionRequests: readonly ActionRequest[];
  readonly reviewConfigs: readonly ReviewConfig[];
  readonly action_requests: readonly ActionRequest[];
  readonly review_configs: readonly ReviewConfig[];
  /** Why the last answer was refused; the request still stands. */
  readonly error?: string;
}

/** The request for everything that waits. */
export function toApprovalRequest({
  requestId,
  askedAt,
  expiresAt,
  waiting,
  refusal,
}: Pick<AgentState, "requestId" | "askedAt" | "expiresAt" | "waiting" | "refusal">): ApprovalRequest {
  const actionRequests = waiting.map(toActionRequest);
  const reviewConfigs = waiting.map(toReviewConfig);
  return {
    requestId,
    askedAt,
    ...(expiresAt === "" ? {} : { expiresAt }),
    actionRequests,
    reviewConfigs,
    action_requests: actionRequests,
    review_configs: reviewConfigs,
    ...(refusal === "" ? {} : { error: refusal }),
  };
}

/** The name under which what waits is shown: the tool's, "plan" or "guidance". */
export function shownName(waiting: Waiting): string {
  return waiting.kind === "action" ? waiting.tool : waiting.kind;
}

const ON_PLAN = "The plan waits for you: approve it, edit it (one step a line), or say what is wrong.";
const ON_GUIDANCE =
  "The run cannot go on by itself, and what failed or is left stands in the plan. Approve: take what was achieved as the " +
  "result. Edit: do this remainder (one step a line; a step that failed and is left in is done again). Reject with " +
  "words: plan again with them as a hint. Reject without words: give up.";

function toActionRequest(waiting: Waiting): ActionRequest {
  const { actionId } = waiting;
  const name = shownName(waiting);
  switch (waiting.kind) {
    case "plan":
      return { name, args: { plan: toPlanText(waiting.steps, []) }, description: ON_PLAN, actionId };
    case "guidance": {
      const { reason, steps } = waiting;
      return { name, args: { reason, plan: toPlanText(steps, []) }, description: ON_GUIDANCE, actionId };
    }
    case "action": {
      const { tool, args, stepId } = waiting;
      const description = waiting.description ?? `Step ${stepId} wants to call ${tool}.`;
      return { name, args, description, actionId, stepId };
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
