import { type Plan, type PlanStep, type StepResult, splitReplaced } from "../../plan/index.js";
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
import { toPlanMessage } from "./shown/index.js";

/** A valid plan, and where it comes from. */
export interface AcceptedPlan {
  /** The turn's first plan, or a new remainder. */
  readonly plan: Plan;
  readonly by: PlanVersion["by"];
  readonly reason: string;
  /** Ids of the steps whose trouble this plan resolves. */
  readonly resolves: readonly string[];
  /** The id under which the model's message was streamed. The plan's message replaces it. */
  readonly messageId: string;
}

/**
 * Puts a plan into the state, or a new remainder after the steps that have ended. The plan may have to wait for a
 * person.
 */
export async function acceptPlan(
  state: AgentState,
  accepted: AcceptedPlan,
  context: NodeContext,
): Promise<StateChange> {
  const { plan, by, reason, resolves, messageId } = accepted;
  const { settings, services, emit, requester } = context;
  const version = (state.planVersions.at(-1)?.version ?? 0) + 1;
  const answer = plan.answer === undefined ? {} : { answer: plan.answer };
  const { kept, replaced } = splitReplaced(keptSteps(state), plan.steps);
  const ended = new Set(kept.map(({ id }) => id));
  const whole = [...state.plan.filter(({ id }) => ended.has(id)), ...plan.steps];
  const change = version === 1 ? {} : { before: state.plan, after: whole };
  emit({ type: "plan.generated", version, reason, by, steps: plan.steps, ...answer, ...change });
  const turn = turnOf(state);
  const planMessageId = turn.planMessageId ?? messageId;
  const hasNew = () => hasNewDeeds(plan.steps, state, services.registry.isReadOnly);
  // A plan that a person wrote needs no approval.
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
        ...(replaced.length === 0 ? {} : { replaced }),
        approval: waits ? "needed" : "needless",
        ...answer,
      },
    ],
    turn: { ...turn, planMessageId },
    messages: [toPlanMessage(planMessageId, { ...state, plan: whole, pastSteps: kept }, { waiting })],
    ...askPerson(waiting, context),
    words: null,
    verdict: null,
  };
}

/**
 * The settled steps that stay. Steps that never ran go, because the next plan may contain them. So do steps that are
 * replaced by new ones with their ids.
 */
export function keptSteps({ pastSteps }: AgentState, newSteps: readonly PlanStep[] = []): StepResult[] {
  const ran = pastSteps.filter((result) => !neverRan(result));
  return splitReplaced(ran, newSteps).kept;
}

/** The first number that no step uses as its id. */
export function nextPosition(pastSteps: readonly StepResult[]): number {
  const positions = pastSteps.map(({ id }) => Number.parseInt(id, 10)).filter(Number.isSafeInteger);
  return Math.max(0, ...positions) + 1;
}
