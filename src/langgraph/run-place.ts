// Where a run stands among others, which LangGraph tells in keys of its own alone.
import type { RunnableConfig } from "@langchain/core/runnables";

/** Whether a run is another graph's node. */
export function isNested({ configurable }: RunnableConfig): boolean {
  return configurable?.__pregel_read !== undefined;
}

/**
 * Whether the invocation goes on with a superstep that was begun and not committed. LangGraph says so in its first
 * superstep alone; where the run only stood still between two supersteps it says so too, which errs on the safe side.
 */
export function isGoingOn({ configurable }: RunnableConfig): boolean {
  return configurable?.__pregel_resuming === true;
}

/** The config's keys without the checkpoints that LangGraph had in view, by namespace, when a run of it began. */
export function withoutCheckpointMap(configurable: RunnableConfig["configurable"]) {
  const { checkpoint_map: _map, ...others } = configurable ?? {};
  return others;
}

/** The number of a node's superstep, counted over its whole thread; undefined where that is not told. */
export function superstepOf({ metadata }: RunnableConfig): number | undefined {
  const superstep: unknown = metadata?.langgraph_step;
  return typeof superstep === "number" ? superstep : undefined;
}
