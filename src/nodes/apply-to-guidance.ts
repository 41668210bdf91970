import { Overwrite } from "@langchain/langgraph";
import { isTrouble } from "../policy/index.js";
import {
  type AgentState,
  type StateChange,
  type StateUpdate,
  unresolvedTrouble,
  type WaitingGuidance,
} from "../state/index.js";
import { acceptEditedPlan, type DecisionRecord } from "./accept-edited-plan.js";
import { withoutStep } from "./apply-steering.js";
import { describeProgress } from "./describe-progress.js";
import { finish } from "./finish.js";
import { keptSteps } from "./kept-steps.js";
import type { NodeContext } from "./node-context.js";
import type { DecidedAction } from "./read-decisions.js";

/** What comes of a person's word on a run that could not go on by itself. */
export async function applyToGuidance(
  state: AgentState,
  { reason }: WaitingGuidance,
  decision: DecidedAction,
  record: DecisionRecord,
  context: NodeContext,
): Promise<StateUpdate> {
  switch (decision.type) {
    case "approve":
      return endWith(state, `A person took what was achieved as the result: ${reason}`, context);
    case "edit": {
      // What is to be done again is as if it had not been done; what is left out is answered.
      const wanted = new Set(decision.steps?.map(({ id }) => id));
      const again = state.pastSteps.filter((result) => wanted.has(result.id) && isTrouble(result));
      const reopened = again.reduce((current, { id }) => withoutStep(current, id, []), state);
      const resolves = unresolvedTrouble(reopened).map(({ id }) => id);
      const plan = { reason: "a person said what is to be done", resolves };
      const change = await acceptEditedPlan(reopened, decision, record, plan, context);
      const pastSteps = keptSteps(reopened);
      return { ...change, suspended: reopened.suspended, pastSteps: new Overwrite(pastSteps) };
    }
    case "reject": {
      const remark = decision.message?.trim() ?? "";
      if (remark !== "") return { remark };
      return endWith(state, `A person gave up: ${reason}`, context);
    }
  }
}

function endWith(state: AgentState, reason: string, context: NodeContext): StateChange {
  const messageId = context.services.createId();
  const response = describeProgress(state, reason);
  return finish(state, { status: "incomplete", reason, response, messageId }, context);
}
