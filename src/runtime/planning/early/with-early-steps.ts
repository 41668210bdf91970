import type { ApprovalRules } from "../../../policy/index.js";
import { type AgentState, type StateUpdate, turnOf } from "../../../state/index.js";
import type { UsageMeter } from "../../../usage/index.js";
import type { AgentSettings, NodeContext } from "../../run/index.js";
import { EarlySteps, type EarlyTurn } from "./early-steps.js";

/**
 * Lets steps start while a plan is being written. If the plan is accepted and nobody has to look at it first, the early
 * steps go on. In every other case they end.
 */
export async function withEarlySteps<Change extends Pick<StateUpdate, "plan" | "outcome" | "status">>(
  state: AgentState,
  turn: Omit<EarlyTurn, "state">,
  context: NodeContext,
  meter: UsageMeter,
  makePlan: (early: EarlySteps | undefined) => Promise<Change>,
): Promise<Change & Pick<StateUpdate, "droppedCalls">> {
  const { settings, services, config } = context;
  if (!mayActEarly(settings)) {
    return makePlan(undefined);
  }
  const early = new EarlySteps(context, { ...turn, state });
  try {
    const change = await makePlan(early);
    const isTaken = change.plan !== undefined && !change.outcome && change.status !== "waiting";
    if (isTaken) {
      services.earlySteps.put(config, turnOf(state).id, early);
    } else {
      early.cancel();
    }
    meter.add(await early.agents.usageOfDropped());
    return { ...change, droppedCalls: early.counter.dropped };
  } catch (error) {
    early.cancel();
    throw error;
  }
}

function mayPlansWait({ plan, standing }: ApprovalRules): boolean {
  return plan !== false || standing.plan !== "never";
}

/** Whether steps may start before the whole plan is known. */
function mayActEarly({ planner, executor, approval }: AgentSettings): boolean {
  return planner.actEarly && executor.order !== "sequential" && !mayPlansWait(approval);
}
