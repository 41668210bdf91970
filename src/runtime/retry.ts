import { RemoveMessage } from "@langchain/core/messages";
import { type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import type { StepResult } from "../plan/index.js";
import { neverRan } from "../policy/index.js";
import type { AgentState, StateUpdate } from "../state/index.js";
import { type AgentServices, createNodeContext } from "./run/index.js";

/** The error codes of a step that failed because of its model. The step itself may still be right. */
const MODEL_CODES = new Set([
  "MODEL_UNAVAILABLE",
  "MODEL_FAILED",
  "MODEL_EMPTY",
  "MODEL_UNREADABLE",
  "MODEL_CUT_OFF",
  "MODEL_TOO_LONG",
]);

/**
 * Creates the retry node, which takes up a turn that a model's failure ended: steps that failed because of their model
 * run again, and the call that failed is made again.
 *
 * The planner and the replanner could do this themselves. But each would then have to tell a continued turn from a new
 * one, a decision and a first visit. And threads of earlier versions stand before this node, because a failed run used
 * to stop there as at a breakpoint.
 */
export function createRetry(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    const context = createNodeContext(services, state, config);
    const open = state.pastSteps.filter(failedForWantOfModel);
    const pastSteps = state.pastSteps.filter(
      (result) => !open.includes(result) && !(open.length > 0 && neverRan(result)),
    );
    const { node = "planner", at } = state.failure ?? {};
    context.emit({ type: "agent.resumed", node, steps: open.map(({ id }) => id) });
    const last = state.messages.at(-1);
    const isNotice = last?.id !== undefined && last.getType() === "ai" && last.text === state.response;
    return {
      status: node === "planner" ? "planning" : "executing",
      outcome: null,
      failure: state.failure && { node, at: state.failure.at },
      response: "",
      // The notice about the failure no longer belongs in the conversation, unless a person has answered it.
      messages: isNotice ? [new RemoveMessage({ id: last.id ?? "" })] : [],
      pastSteps: new Overwrite(pastSteps),
      // The time that the run stood still does not count as the turn's own.
      waitedMs: state.waitedMs + (at === undefined ? 0 : services.now() - Date.parse(at)),
    };
  };
}

function failedForWantOfModel({ status, error }: StepResult): boolean {
  return status === "failed" && error !== undefined && MODEL_CODES.has(error.code);
}
