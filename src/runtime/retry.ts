import { RemoveMessage } from "@langchain/core/messages";
import { GraphInterrupt, type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { isGoingOn } from "../langgraph/index.js";
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
 * The name of the node that a run stops before if a model failed.
 *
 * The planner and the replanner could stop by themselves, which would save a node. But each would then have to tell a
 * continued run from a new turn, a decision and a first visit. And a thread that an earlier version stored in front of
 * this node could not continue in a graph without it.
 */
export const RETRY_NODE = "retry";

/**
 * Creates the retry node. If a model failed, the run stops before this node as at a breakpoint, and a null input
 * continues from there. The node then reopens the run: steps that failed because of their model run again, and the call
 * that failed is made again.
 */
export function createRetry(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    // A breakpoint set by `compile` would not do: if somebody else compiles the graph it is missing, and the run would
    // retry for ever.
    if (!isGoingOn(config)) {
      throw new GraphInterrupt([]);
    }
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
      response: "",
      // The notice about the failure no longer belongs in the conversation.
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
