import type { RunnableConfig } from "@langchain/core/runnables";
import type { SteerChange } from "../state/index.js";

/** What `steer` needs of an agent. */
export interface SteerableAgent {
  updateState(config: RunnableConfig, values: unknown): Promise<RunnableConfig>;
}

/**
 * Marks a config in which the program itself says who steers. It is a symbol because no JSON from outside can hold one.
 */
const NAMED_BY_PROGRAM = Symbol.for("planExecuteNamedByProgram");

/**
 * Whether the program itself says, with `steer`, who makes the changes. Otherwise anybody may have written the name to
 * the state.
 */
export function isNamedByProgram({ configurable = {} }: RunnableConfig): boolean {
  return Reflect.has(configurable, NAMED_BY_PROGRAM);
}

/** Marks a config whose changes are for a run in this process alone, and are never written beside a run. */
const FOR_LIVE_RUN = Symbol("planExecuteForLiveRun");

/** Marks a config so that its changes are made by a run in this process, or not at all. */
export function forLiveRun(config: RunnableConfig): RunnableConfig {
  return { ...config, configurable: { ...config.configurable, [FOR_LIVE_RUN]: true } };
}

/** Whether changes are for a run in this process alone. */
export function isForLiveRun({ configurable = {} }: RunnableConfig): boolean {
  return Reflect.has(configurable, FOR_LIVE_RUN);
}

/** Who steers, and what else the thread's config needs. */
export interface SteerOptions {
  /**
   * Who makes the change. It is kept with the change. A server's user in `configurable` comes first. @default nobody
   */
  readonly by?: string;
  /** Further keys of the thread's config, e.g. the namespace of a subgraph. @default nothing */
  readonly configurable?: Readonly<Record<string, unknown>>;
}

/**
 * Changes a turn between its steps: sends the replanner a message, skips a step, repeats a step, or replaces the rest
 * of the plan. Finished steps stay finished. If the thread runs in this process, the change is made as soon as the
 * steps in flight have ended. Otherwise it is written to the thread, and `agent.invoke(null, config)` goes on with it.
 * @throws StateUpdateError if the change cannot be made. The thread is then unchanged.
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
