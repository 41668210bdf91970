// Where a run stands: inside another run, in a superstep, in a thread. LangGraph says this only in private keys.
import type { RunnableConfig } from "@langchain/core/runnables";

/** Whether a run is a node of another graph. */
export function isNested({ configurable }: RunnableConfig): boolean {
  return configurable?.__pregel_read !== undefined;
}

/**
 * Whether the invocation goes on with a superstep that began and was not committed. LangGraph says so only in the first
 * superstep of the invocation. It also says so if the run merely stood still between two supersteps, which errs on the
 * safe side.
 */
export function isGoingOn({ configurable }: RunnableConfig): boolean {
  return configurable?.__pregel_resuming === true;
}

/**
 * Copies a config's keys without `checkpoint_map`, the checkpoints by namespace that LangGraph saw when a run began.
 */
export function withoutCheckpointMap(configurable: RunnableConfig["configurable"]) {
  const { checkpoint_map: _map, ...others } = configurable ?? {};
  return others;
}

/** Returns the number of a node's superstep, counted over the whole thread, or undefined if LangGraph does not say. */
export function superstepOf({ metadata }: RunnableConfig): number | undefined {
  const superstep: unknown = metadata?.langgraph_step;
  return typeof superstep === "number" ? superstep : undefined;
}
