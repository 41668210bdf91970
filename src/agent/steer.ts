import type { RunnableConfig } from "@langchain/core/runnables";
import type { SteerChange } from "../state/index.js";

/** What is used of the agent. */
interface SteerableAgent {
  updateState(config: RunnableConfig, values: unknown): Promise<RunnableConfig>;
}

/** Who steers, and what else the thread's config needs. */
export interface SteerOptions {
  /** Who makes the change; kept with it. A server that knows its users says it itself. @default nobody */
  readonly by?: string;
  /** Added to the thread's config, e.g. the namespace of a subgraph. @default nothing */
  readonly configurable?: Readonly<Record<string, unknown>>;
}

/**
 * Changes a turn between its steps: a message to the replanner, a step to skip or to do again, or another remainder.
 * What is done stays done. Where the thread runs in this process the change is made as soon as the steps in flight have
 * ended; else it is written to the thread, and `agent.invoke(null, config)` goes on with it.
 * @throws StateUpdateError where it cannot be made; the thread is then as it was.
 */
export async function steer(
  agent: SteerableAgent,
  threadId: string,
  change: SteerChange | readonly SteerChange[],
  { by, configurable }: SteerOptions = {},
): Promise<RunnableConfig> {
  const changes = "type" in change ? [change] : change;
  const steering = changes.map((one) => ({ ...one, ...(by === undefined ? {} : { by }) }));
  return agent.updateState({ configurable: { ...configurable, thread_id: threadId } }, { steering });
}
