import type { PlanStep } from "../plan/index.js";
import { allDecisions, planNeedsApproval } from "../policy/index.js";
import {
  type AgentState,
  hasNewDeeds,
  openSteps,
  planActionId,
  type StateChange,
  type WaitingPlan,
} from "../state/index.js";
import { askPerson } from "./ask-person.js";
import type { NodeContext } from "./node-context.js";
import { toPlanMessages } from "./plan-message.js";

/** A version of the plan as a person is asked about it. */
export function toWaitingPlan(version: number, steps: readonly PlanStep[]): WaitingPlan {
  return {
    kind: "plan",
    actionId: planActionId(version),
    version,
    steps: [...steps],
    allowedDecisions: [...allDecisions],
  };
}

/**
 * The request for the plan, where no step of it may run yet; undefined where steps may. It stands before every step,
 * whatever way led there: who changes a plan from outside has changed it, and approved nothing.
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
  const messages = toPlanMessages(state, waiting);
  return { ...askPerson(waiting, context), messages, moreToRun: false, replanAsked: false };
}
