import type { AgentState } from "../state/index.js";
import { type ActionRequest, toApprovalRequest } from "./approval-request.js";

/** What somebody is told when a run waits for a person. */
export interface WaitingNotice {
  /** The thread to resume; absent where the run has none. */
  readonly threadId?: string;
  readonly turnId: string;
  readonly requestId: string;
  /** ISO time at which the request was made. */
  readonly askedAt: string;
  /** ISO time from which it takes no answer; absent where it never expires. */
  readonly expiresAt?: string;
  /** What waits, in the order in which it is to be answered. */
  readonly actions: readonly (ActionRequest & { readonly allowedDecisions: readonly string[] })[];
  /** What to resume the thread with, in words. */
  readonly howToAnswer: string;
}

/** The notice of the request that waits. */
export function toWaitingNotice(state: AgentState, threadId: string | undefined): WaitingNotice {
  const { requestId, askedAt, expiresAt, actionRequests, reviewConfigs } = toApprovalRequest(state);
  return {
    ...(threadId === undefined ? {} : { threadId }),
    turnId: state.turnId,
    requestId,
    askedAt,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    actions: actionRequests.map((action, index) => ({
      ...action,
      allowedDecisions: reviewConfigs[index]?.allowedDecisions ?? [],
    })),
    howToAnswer:
      `Resume the thread with { "requestId": "${requestId}", "decisions": [...] }, one decision for each action, in ` +
      'order: { "type": "approve" }, { "type": "edit", "editedAction": { "name", "args" } } or ' +
      '{ "type": "reject", "message": "why" }, as its allowedDecisions say.',
  };
}
