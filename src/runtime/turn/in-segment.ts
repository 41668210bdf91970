import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { runEventsOf } from "../../events/index.js";
import type { AgentState, StateUpdate } from "../../state/index.js";

/**
 * Wraps a node so that the thread remembers how many segments the turn has. An input that begins no turn, because
 * something waits, is a segment of no turn in the thread.
 */
export function inSegment(
  node: (state: AgentState, config: LangGraphRunnableConfig) => Promise<StateUpdate>,
): typeof node {
  return async (state, config) => {
    const update = await node(state, config);
    const { segment } = runEventsOf(config);
    const isOfTurn = segment > 1 || update.turn !== undefined;
    return isOfTurn && segment !== state.segment ? { ...update, segment } : update;
  };
}
