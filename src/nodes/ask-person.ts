import type { StateChange, Waiting } from "../state/index.js";
import { shownName } from "./approval-request.js";
import type { NodeContext } from "./node-context.js";
import { timeNow } from "./time-now.js";

/**
 * Makes a request of what waits, and tells that a person is asked: here, and not in the approval node, which runs
 * again at each answer. Where nothing waits there is no request.
 */
export function askPerson(waiting: readonly Waiting[], { emit, services }: NodeContext): StateChange {
  if (waiting.length === 0) return { waiting: [], requestId: "", askedAt: "", status: "executing" };
  const requestId = services.createId();
  const actions = waiting.map((item) => ({
    actionId: item.actionId,
    name: shownName(item),
    ...(item.kind === "action" ? { stepId: item.stepId } : {}),
  }));
  emit({ type: "approval.asked", requestId, actions });
  const askedAt = timeNow(services);
  return { waiting: [...waiting], requestId, askedAt, status: "waiting" };
}
