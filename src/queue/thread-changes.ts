// Changes of people to threads of the queue. A run of this worker takes them between its steps, and a thread that does not
// run when its job comes.
import { forLiveRun, type PlanExecuteAgent, steer } from "../agent/index.js";
import { isOfClass } from "../base/index.js";
import type { OpenCheckpointer } from "../checkpoint/index.js";
import { StateUpdateError } from "../runtime/index.js";
import { type SteerChange, steerInputSchema } from "../state/index.js";
import type { QueueDatabase } from "./pg-boss.js";
import { configOf } from "./run-job.js";
import { findChanges, removeChanges, type WaitingChanges } from "./tables.js";

/** Tells of something that went wrong with a thread. */
type Tell = (what: string, error: unknown, threadId?: string) => void;

/** Makes the changes that wait for threads. */
export class ThreadChanges {
  readonly #db: QueueDatabase;
  readonly #opened: OpenCheckpointer;
  readonly #tell: Tell;
  /** The ids of changes that were handed to a run and are not stored yet. */
  readonly #handed = new Set<string>();

  constructor(db: QueueDatabase, opened: OpenCheckpointer, tell: Tell) {
    this.#db = db;
    this.#opened = opened;
    this.#tell = tell;
  }

  /** Makes those of a thread that does not run. Returns whether there were any. */
  async make(agent: PlanExecuteAgent, threadId: string): Promise<boolean> {
    let isChanged = false;
    for (const waiting of await findChanges(this.#db, [threadId])) {
      isChanged = (await this.#make(agent, waiting, false)) || isChanged;
    }
    return isChanged;
  }

  /** Hands changes to the runs that they are for. */
  async handOver(agents: ReadonlyMap<string, PlanExecuteAgent>): Promise<void> {
    const found = agents.size === 0 ? [] : await findChanges(this.#db, [...agents.keys()]);
    for (const waiting of found) {
      const agent = agents.get(waiting.thread_id);
      if (agent !== undefined && !this.#handed.has(waiting.id)) {
        this.#handed.add(waiting.id);
        this.#make(agent, waiting, true)
          .catch((error) => this.#tell("A change was not made", error, waiting.thread_id))
          .finally(() => this.#handed.delete(waiting.id));
      }
    }
  }

  async #make(agent: PlanExecuteAgent, waiting: WaitingChanges, isLive: boolean): Promise<boolean> {
    const { id, thread_id: threadId, changes, by } = waiting;
    const config = configOf(threadId, this.#opened);
    const { configurable } = isLive ? forLiveRun(config) : config;
    try {
      const given: SteerChange[] = changes.map((change) => steerInputSchema.parse(change));
      await steer(agent, threadId, given, { by: by ?? undefined, configurable });
    } catch (error) {
      if (isOfClass(error, StateUpdateError) && error.code === "RUNS_ELSEWHERE") {
        return false;
      }
      this.#tell("A change was not made", error, threadId);
      await removeChanges(this.#db, id);
      return false;
    }
    await removeChanges(this.#db, id);
    return true;
  }
}
