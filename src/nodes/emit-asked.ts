import type { Waiting } from "../state/index.js";
import { shownName } from "./approval-request.js";
import type { NodeContext } from "./node-context.js";

/** Tells that a person is asked: where the request is made, since the approval node runs again on each answer. */
export function emitAsked(requestId: string, waiting: readonly Waiting[], { emit }: NodeContext): void {
  const actions = waiting.map((item) => ({
    actionId: item.actionId,
    name: shownName(item),
    ...(item.kind === "action" ? { stepId: item.stepId } : {}),
  }));
  emit({ type: "approval.asked", requestId, actions });
}
