import { toMilliseconds } from "../../base/index.js";
import type { PlanStep } from "../../plan/index.js";
import { ALL_DECISIONS, planNeedsApproval, standingFrom } from "../../policy/index.js";
import {
  type AgentState,
  hasNewDeeds,
  openSteps,
  planActionId,
  type StateChange,
  type Waiting,
  type WaitingPlan,
} from "../../state/index.js";
import { type NodeContext, shownName, timeNow } from "../run/index.js";
import { toPlanMessages } from "./shown/index.js";

/**
 * Makes a request of what waits, and emits that a person is asked. This happens here because the approval node runs
 * again at each answer. If nothing waits, there is no request.
 */
export function askPerson(
  waiting: readonly Waiting[],
  { emit, services, settings, superstepLimit }: NodeContext,
): StateChange {
  if (waiting.length === 0) {
    return { request: null, status: "executing" };
  }
  const id = services.createId();
  const actions = waiting.map((item) => ({
    actionId: item.actionId,
    name: shownName(item),
    ...(item.kind === "action" ? { stepId: item.stepId } : {}),
  }));
  const { expiresAfter, onWaiting } = settings.approval;
  const expiresAfterMs = expiresAfter === undefined ? undefined : toMilliseconds(expiresAfter);
  const askedAt = timeNow(services);
  const expiresAt =
    expiresAfterMs === undefined ? null : new Date(Date.parse(askedAt) + expiresAfterMs).toISOString();
  emit({
    type: "approval.asked",
    requestId: id,
    actions,
    ...(expiresAt === null ? {} : { expiresAt }),
  });
  // Notifying takes a superstep of its own. If none is left, the run waits without it.
  const toNotify = onWaiting !== undefined && superstepLimit === undefined;
  if (onWaiting !== undefined && superstepLimit !== undefined) {
    emit({ type: "approval.notify-failed", requestId: id, attempts: 0, error: superstepLimit });
  }
  return {
    request: { id, askedAt, expiresAt, refusal: null, toNotify, waiting: [...waiting] },
    standingRules: standingFrom(settings.approval, waiting),
    status: "waiting",
  };
}

/** A version of the plan, as a person is asked about it. */
export function toWaitingPlan(version: number, steps: readonly PlanStep[]): WaitingPlan {
  return {
    kind: "plan",
    actionId: planActionId(version),
    version,
    steps: [...steps],
    allowedDecisions: [...ALL_DECISIONS],
  };
}

/**
 * Asks for approval of the plan if none of its steps may run yet; returns undefined if they may. This check stands
 * before every step, however the run got there, because changing a plan from outside does not approve it.
 */
export async function askAboutPlan(
  state: AgentState,
  context: NodeContext,
): Promise<StateChange | undefined> {
  const latest = state.planVersions.at(-1);
  const open = openSteps(state.plan, state.pastSteps);
  if (latest === undefined || latest.approval === "needless" || open.length === 0) {
    return undefined;
  }
  const actionId = planActionId(latest.version);
  if (state.decisions.some((decision) => decision.actionId === actionId && decision.type === "approve")) {
    return undefined;
  }
  if (latest.approval === undefined) {
    const { settings, services, requester } = context;
    const hasNew = () => hasNewDeeds(open, state, services.registry.isReadOnly);
    if (!(await planNeedsApproval(settings.approval, open, hasNew, requester))) {
      return undefined;
    }
  }
  const waiting = [toWaitingPlan(latest.version, open)];
  const messages = toPlanMessages(state, { waiting });
  return { ...askPerson(waiting, context), messages, verdict: null };
}
