import type { ApprovalRules } from "../policy/index.js";
import type { AgentState, StateUpdate } from "../state/index.js";
import { EarlySteps, type EarlyTurn } from "./early-steps.js";
import type { NodeContext } from "./node-context.js";
import type { AgentSettings } from "./settings.js";

/**
 * Lets steps start while a plan is written. A plan that is taken, and that nobody has to look at first, goes on with
 * what was started; whatever else comes of it ends that.
 */
export async function withEarlySteps<Change extends Pick<StateUpdate, "plan" | "outcome" | "status">>(
  state: AgentState,
  turn: Omit<EarlyTurn, "state">,
  context: NodeContext,
  makePlan: (early: EarlySteps | undefined) => Promise<Change>,
): Promise<Change> {
  const { settings, services, config } = context;
  const { turnId } = state;
  const early = mayActEarly(settings) ? new EarlySteps(context, { ...turn, state }) : undefined;
  let isTaken = false;
  try {
    const change = await makePlan(early);
    isTaken = change.plan !== undefined && !change.outcome && change.status !== "waiting";
    return change;
  } finally {
    if (isTaken && early !== undefined) services.earlySteps.put(config, turnId, early);
    else early?.cancel();
  }
}

function mayPlansWait({ plan, standing }: ApprovalRules): boolean {
  return plan !== false || standing.plan !== "never";
}

/** Whether steps may start before the whole plan is known. */
function mayActEarly({ planner, executor, approval }: AgentSettings): boolean {
  return planner.actEarly && executor.order !== "sequential" && !mayPlansWait(approval);
}
