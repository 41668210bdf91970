import type { Plan, StepResult } from "../../plan/index.js";
import { neverRan, planNeedsApproval } from "../../policy/index.js";
import {
  type AgentState,
  hasNewDeeds,
  type PlanVersion,
  type StateChange,
  turnOf,
} from "../../state/index.js";
import { type NodeContext, timeNow } from "../run/index.js";
import { askPerson, toWaitingPlan } from "./ask-person.js";
import { toPlanMessage } from "./plan-message.js";

/** What stays of the steps that have settled: those that never ran may be in another plan. */
export function keptSteps({ pastSteps }: AgentState): StepResult[] {
  return pastSteps.filter((result) => !neverRan(result));
}

/** The first position that no step has taken as its id. */
export function nextPosition(pastSteps: readonly StepResult[]): number {
  const positions = pastSteps.map(({ id }) => Number.parseInt(id, 10)).filter(Number.isSafeInteger);
  return Math.max(0, ...positions) + 1;
}

/** A plan that was found valid, and where it comes from. */
export interface AcceptedPlan {
  /** The first plan of a turn, or its new remainder. */
  readonly plan: Plan;
  readonly by: PlanVersion["by"];
  readonly reason: string;
  /** Ids of the steps whose trouble the plan answers. */
  readonly resolves: readonly string[];
  /** The id under which the model's message was streamed: the plan takes its place. */
  readonly messageId: string;
}

/** Puts a plan, or a new remainder behind what has ended, into the state; it may have to wait for a person. */
export async function acceptPlan(
  state: AgentState,
  accepted: AcceptedPlan,
  context: NodeContext,
): Promise<StateChange> {
  const { plan, by, reason, resolves, messageId } = accepted;
  const { settings, services, emit, requester } = context;
  const version = (state.planVersions.at(-1)?.version ?? 0) + 1;
  const answer = plan.answer === undefined ? {} : { answer: plan.answer };
  emit({ type: "plan.generated", version, reason, steps: plan.steps, ...answer });
  // Steps that never ran make way: their ids are free for the new ones.
  const kept = keptSteps(state);
  const ended = new Set(kept.map(({ id }) => id));
  const whole = [...state.plan.filter(({ id }) => ended.has(id)), ...plan.steps];
  const turn = turnOf(state);
  const planMessageId = turn.planMessageId ?? messageId;
  const hasNew = () => hasNewDeeds(plan.steps, state, services.registry.isReadOnly);
  // A person's own plan needs no further word of theirs.
  const waits =
    by !== "person" && (await planNeedsApproval(settings.approval, plan.steps, hasNew, requester));
  const waiting = waits ? [toWaitingPlan(version, plan.steps)] : [];
  return {
    plan: whole,
    answerStep: plan.answer ?? null,
    planVersions: [
      {
        version,
        reason,
        by,
        at: timeNow(services),
        steps: plan.steps,
        resolves: [...resolves],
        approval: waits ? "needed" : "needless",
        ...answer,
      },
    ],
    turn: { ...turn, planMessageId },
    messages: [toPlanMessage(planMessageId, whole, kept, waiting)],
    ...askPerson(waiting, context),
    words: null,
    verdict: null,
  };
}
