import { interrupt, type LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentState, Decision, StateChange, WaitingPlan } from "../state/index.js";
import { planActionId } from "../state/index.js";
import { acceptPlan } from "./accept-plan.js";
import { toApprovalRequest } from "./approval-request.js";
import { askPerson } from "./ask-person.js";
import { finish } from "./finish.js";
import { type AgentServices, createNodeContext, type NodeContext } from "./node-context.js";
import { type DecidedAction, readDecisions } from "./read-decisions.js";
import { MAX_PLAN_REJECTIONS } from "./settings.js";
import { timeNow } from "./time-now.js";

/**
 * The approval node: the only place that stops for a person. It asks for everything that waits in one interrupt
 * and does nothing else. An answer that cannot be taken is refused with the reason, and the request still stands.
 */
export function createApproval(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateChange> => {
    const context = createNodeContext(services, state, config);
    const { maxSteps } = context.settings.planner;
    let answer = readDecisions(interrupt(toApprovalRequest(state)), state, services.registry, maxSteps);
    while (!answer.ok) {
      const again = toApprovalRequest(state, answer.message);
      answer = readDecisions(interrupt(again), state, services.registry, maxSteps);
    }
    const { decisions } = answer;
    context.emit({
      type: "approval.decided",
      requestId: state.requestId,
      decisions: decisions.map(({ actionId, type }) => ({ actionId, decision: type })),
    });
    return apply(state, decisions, context);
  };
}

function apply(state: AgentState, decided: readonly DecidedAction[], context: NodeContext): StateChange {
  const at = timeNow(context.services);
  const decisions = [...state.decisions, ...decided.map((decision) => toDecision(decision, at))];
  const waitedMs = state.waitedMs + context.services.now() - Date.parse(state.askedAt);
  const settled: StateChange = { decisions, waitedMs, ...askPerson([], context) };
  const plan = state.waiting.find((waiting) => waiting.kind === "plan");
  const onPlan = decided.find(({ actionId }) => actionId === plan?.actionId);
  if (plan === undefined || onPlan === undefined) return settled;
  return { ...settled, ...applyToPlan({ ...state, decisions }, plan, onPlan, at, context) };
}

function applyToPlan(
  state: AgentState,
  waiting: WaitingPlan,
  decision: DecidedAction,
  at: string,
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
        ...toDecision(decision, at),
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

function toDecision({ steps: _, ...decision }: DecidedAction, at: string): Decision {
  return { ...decision, at };
}
