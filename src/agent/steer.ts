import type { RunnableConfig } from "@langchain/core/runnables";
import type { SteerChange } from "../state/index.js";

/** What is used of the agent. */
interface SteerableAgent {
  updateState(config: RunnableConfig, values: unknown): Promise<RunnableConfig>;
}

/** Marks a config in which the program itself says who steers; no JSON can hold it. */
const NAMED_BY_PROGRAM = Symbol("planExecuteNamedByProgram");

/** Whether a program says, with `steer`, who makes the changes; what is written to the state anybody may have written. */
export function isNamedByProgram({ configurable = {} }: RunnableConfig): boolean {
  return Reflect.has(configurable, NAMED_BY_PROGRAM);
}

/** Who steers, and what else the thread's config needs. */
export interface SteerOptions {
  /** Who makes the change; kept with it. Where `configurable` has a server's user, that is who. @default nobody */
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
  const config = { ...configurable, thread_id: threadId, [NAMED_BY_PROGRAM]: true };
  return agent.updateState({ configurable: config }, { steering });
}
