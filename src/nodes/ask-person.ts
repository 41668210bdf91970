import { standingFrom } from "../policy/index.js";
import type { StateChange, Waiting } from "../state/index.js";
import { shownName } from "./approval-request.js";
import type { NodeContext } from "./node-context.js";
import { timeNow } from "./time-now.js";

/** The channels of a request, where there is none. */
export const noRequest = {
  waiting: [],
  requestId: "",
  askedAt: "",
  expiresAt: "",
  refusal: "",
  toNotify: false,
} satisfies StateChange;

/**
 * Makes a request of what waits, and tells that a person is asked: here, and not in the approval node, which runs
 * again at each answer. Where nothing waits there is no request.
 */
export function askPerson(
  waiting: readonly Waiting[],
  { emit, services, settings, superstepLimit }: NodeContext,
): StateChange {
  if (waiting.length === 0) return { ...noRequest, status: "executing" };
  const requestId = services.createId();
  const actions = waiting.map((item) => ({
    actionId: item.actionId,
    name: shownName(item),
    ...(item.kind === "action" ? { stepId: item.stepId } : {}),
  }));
  const { expiresAfterMs, onWaiting } = settings.approval;
  const askedAt = timeNow(services);
  const expiresAt =
    expiresAfterMs === undefined ? "" : new Date(Date.parse(askedAt) + expiresAfterMs).toISOString();
  emit({ type: "approval.asked", requestId, actions, ...(expiresAt === "" ? {} : { expiresAt }) });
  // Telling takes a superstep of its own; where there is none left, the run must wait without it.
  const toNotify = onWaiting !== undefined && superstepLimit === undefined;
  if (onWaiting !== undefined && superstepLimit !== undefined) {
    emit({ type: "approval.notify-failed", requestId, attempts: 0, error: superstepLimit });
  }
  const standingRules = standingFrom(settings.approval, waiting);
  return {
    ...noRequest,
    waiting: [...waiting],
    standingRules,
    requestId,
    askedAt,
    expiresAt,
    toNotify,
    status: "waiting",
  };
}
