import type { AgentState, StateChange } from "../state/index.js";
import { acceptEditedPlan, type DecisionRecord } from "./accept-edited-plan.js";
import { finish } from "./finish.js";
import type { NodeContext } from "./node-context.js";
import type { DecidedAction } from "./read-decisions.js";
import { MAX_PLAN_REJECTIONS } from "./settings.js";

/** What comes of a decision on a plan. */
export async function applyToPlan(
  state: AgentState,
  decision: DecidedAction,
  record: DecisionRecord,
  context: NodeContext,
): Promise<StateChange> {
  switch (decision.type) {
    case "approve":
      return {};
    case "edit": {
      const plan = { reason: "a person edited the plan", resolves: [] };
      return acceptEditedPlan(state, decision, record, plan, context);
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
