import { RemoveMessage } from "@langchain/core/messages";
import { GraphInterrupt, type LangGraphRunnableConfig, Overwrite } from "@langchain/langgraph";
import { isGoingOn } from "../langgraph/index.js";
import type { StepResult } from "../plan/index.js";
import { neverRan } from "../policy/index.js";
import type { AgentState, StateUpdate } from "../state/index.js";
import { type AgentServices, createNodeContext } from "./run/index.js";

/** What a model's failure looks like in a step: the step itself may be as right as it was. */
const MODEL_CODES = new Set([
  "MODEL_UNAVAILABLE",
  "MODEL_FAILED",
  "MODEL_EMPTY",
  "MODEL_UNREADABLE",
  "MODEL_TOO_LONG",
]);

/**
 * The name of the node before which a run stands still when a model failed. The planner and the replanner could stand
 * still themselves, and the graph would need one node less. But each would then have to tell a run that goes on from a
 * new turn, from a decision and from a first visit; and a thread that an earlier version stored before this node could
 * not go on in a graph without it.
 */
export const RETRY_NODE = "retry";

/**
 * The retry node: a run stands still before it when a model failed, as before a breakpoint, and a null input goes on
 * from there. It takes the end back: steps that failed for want of a model are open again, and what failed is asked
 * again.
 */
export function createRetry(services: AgentServices) {
  return async (state: AgentState, config: LangGraphRunnableConfig): Promise<StateUpdate> => {
    // A breakpoint set by `compile` would be missing from graphs that others compile: they would retry for ever.
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
      // What the run said about its failure is no part of the conversation any more.
      messages: isNotice ? [new RemoveMessage({ id: last.id ?? "" })] : [],
      pastSteps: new Overwrite(pastSteps),
      // The turn's own time: how long it stood still does not count.
      waitedMs: state.waitedMs + (at === undefined ? 0 : services.now() - Date.parse(at)),
    };
  };
}

function failedForWantOfModel({ status, error }: StepResult): boolean {
  return status === "failed" && error !== undefined && MODEL_CODES.has(error.code);
}
