import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { runEventsOf } from "../../events/index.js";
import type { AgentState, StateUpdate } from "../../state/index.js";
import type { AgentServices } from "../run/index.js";

/**
 * Wraps a node so that the thread remembers how many segments the turn has, and in which trace it began. An input that
 * begins no turn, because something waits, is a segment of no turn in the thread.
 */
export function inSegment(
  { sinks }: Pick<AgentServices, "sinks">,
  node: (state: AgentState, config: LangGraphRunnableConfig) => Promise<StateUpdate>,
): typeof node {
  return async (state, config) => {
    const update = await node(state, config);
    const { runId, segment } = runEventsOf(config);
    if (segment === 1 && update.turn === undefined) {
      return update;
    }
    const traceparent = segment === 1 ? (sinks.traceparent(runId) ?? null) : state.traceparent;
    const isKept = segment === state.segment && traceparent === state.traceparent;
    return isKept ? update : { ...update, segment, traceparent };
  };
}
