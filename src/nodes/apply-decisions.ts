import type { AgentState, Decision, StateChange, WaitingPlan } from "../state/index.js";
import { planActionId } from "../state/index.js";
import { acceptPlan } from "./accept-plan.js";
import { askPerson } from "./ask-person.js";
import { finish } from "./finish.js";
import type { NodeContext } from "./node-context.js";
import type { DecidedAction } from "./read-decisions.js";
import { MAX_PLAN_REJECTIONS } from "./settings.js";
import { timeNow } from "./time-now.js";

/** What comes of decisions that were found right: they are recorded, told, and carried out on the plan. */
export function applyDecisions(
  state: AgentState,
  decided: readonly DecidedAction[],
  by: string | undefined,
  context: NodeContext,
): StateChange {
  const { emit, services } = context;
  const { requestId } = state;
  const record = { ...(by === undefined ? {} : { by }), at: timeNow(services) };
  emit({
    type: "approval.decided",
    requestId,
    ...(by === undefined ? {} : { by }),
    decisions: decided.map(({ type, requestId: _, ...facts }) => ({ decision: type, ...facts })),
  });
  const decisions = [...state.decisions, ...decided.map((decision) => toDecision(decision, record))];
  const waitedMs = state.waitedMs + services.now() - Date.parse(state.askedAt);
  const settled: StateChange = { decisions, waitedMs, ...askPerson([], context) };
  const plan = state.waiting.find((waiting) => waiting.kind === "plan");
  const onPlan = decided.find(({ actionId }) => actionId === plan?.actionId);
  if (plan === undefined || onPlan === undefined) return settled;
  return { ...settled, ...applyToPlan({ ...state, decisions }, plan, onPlan, record, context) };
}

function applyToPlan(
  state: AgentState,
  waiting: WaitingPlan,
  decision: DecidedAction,
  record: DecisionRecord,
  context: NodeContext,
): StateChange {
  switch (decision.type) {
    case "approve":
      return {};
    case "edit": {
      const steps = [...(decision.steps ?? [])];
      const isKept = [...steps, ...state.pastSteps].some(({ id }) => id === state.answerStep);
      const plan = { steps, ...(isKept ? { answer: state.answerStep } : {}) };
      const approval: Decision = {
        ...toDecision(decision, record),
        type: "approve",
        actionId: planActionId(waiting.version + 1),
      };
      const accepted = { plan, by: "person", reason: "a person edited the plan" } as const;
      const messageId = state.planMessageId;
      const change = acceptPlan(
        state,
        { ...accepted, resolves: [], messageId },
        withoutPlanApproval(context),
      );
      return { ...change, decisions: [...state.decisions, approval] };
    }
    case "reject": {
      const rejections = state.rejections + 1;
      const feedback = decision.message ?? "The person rejected the plan and gave no reason.";
      if (rejections < MAX_PLAN_REJECTIONS) return { rejections, feedback, status: "planning" };
      const reason = `A person rejected ${rejections} plans; the last words were: ${feedback}`;
      const messageId = context.services.createId();
      return {
        ...finish(state, { status: "incomplete", reason, response: reason, messageId }, context),
        rejections,
      };
    }
  }
}

/** What a person wrote needs no further word of theirs. */
function withoutPlanApproval(context: NodeContext): NodeContext {
  const { settings } = context;
  return { ...context, settings: { ...settings, approval: { ...settings.approval, plan: false } } };
}

type DecisionRecord = Pick<Decision, "by" | "at">;

function toDecision({ steps: _, ...decision }: DecidedAction, record: DecisionRecord): Decision {
  return { ...decision, ...record };
}
