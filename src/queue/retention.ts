// What the queue removes by itself.
//
//   after a turn    older checkpoints of its thread, and the results of its steps in the agent's store, where they are for
//                   turns that are cut off
//   now and then    events, threads, and rows that say nothing any more; pg-boss removes its jobs itself
//
// The second kind is removed in small pieces, each in its own transaction, so that nobody has to wait.
import { z } from "zod";
import type { PlanExecuteAgent } from "../agent/index.js";
import {
  type OpenCheckpointer,
  removeCheckpoints,
  removeEntries,
  removeThread,
  threadNamespace,
  unlessBusy,
} from "../checkpoint/index.js";
import type { EventStream } from "../streams/index.js";
import type { QueueDatabase } from "./pg-boss.js";
import { QueueError } from "./queue-error.js";

/** What the queue keeps, and for how long. */
export interface RetentionOptions {
  /** How many checkpoints of a thread stay after a turn, in each namespace; 0: all of them. @default 1 */
  readonly checkpoints?: number;
  /**
   * How many days a thread stays after it changed last, unless it waits for a person or has a job. @default for ever
   */
  readonly threadDays?: number;
  /** How many days events stay. @default 7 */
  readonly eventDays?: number;
}

/** The checked options, with defaults applied. */
export type CheckedRetention = z.infer<typeof retentionSchema>;

const retentionSchema = z.strictObject({
  checkpoints: z.int().min(0).default(1),
  threadDays: z.number().positive().optional(),
  eventDays: z.number().positive().default(7),
});

/** Checks the options of retention. */
export function checkRetention(given: RetentionOptions = {}): CheckedRetention {
  const { success, data, error } = retentionSchema.safeParse(given);
  if (!success) {
    throw new QueueError("INVALID_OPTIONS", `The queue's retention: ${z.prettifyError(error)}`);
  }
  return data;
}

/** The places that retention removes from. */
interface KeptThings {
  readonly db: QueueDatabase;
  readonly opened: OpenCheckpointer;
  readonly stream: Pick<EventStream, "sweep" | "deleteThread">;
  readonly agents: Readonly<Record<string, PlanExecuteAgent>>;
}

const SPENDING_DAYS = 40;
const THREADS_TOGETHER = 50;

const threadsSchema = z.array(z.object({ thread_id: z.string(), agent: z.string() }));

/** A thread that is old: $1 days. Whoever runs it holds its lock. */
const IS_OLD = `changed_at < now() - $1 * interval '1 day' and status <> 'waiting'
  and not exists (select 1 from pgboss.job where name = any(array(select name from pgboss.queue))
    and singleton_key = thread_id and state < 'active')
  and not exists (select 1 from pgboss.schedule where key = thread_id)`;

/** Removes what is no longer needed. */
export class Retention {
  readonly #keeping: CheckedRetention;
  readonly #kept: KeptThings;

  constructor(keeping: CheckedRetention, kept: KeptThings) {
    this.#keeping = keeping;
    this.#kept = kept;
  }

  /** Removes what a finished turn leaves behind. The caller holds the thread, on connections of its own. */
  async afterTurn(threadId: string, agent: PlanExecuteAgent, opened: OpenCheckpointer): Promise<void> {
    const { checkpoints } = this.#keeping;
    if (checkpoints > 0) {
      await removeCheckpoints(opened, threadId, checkpoints);
      await removeEntries(agent.store, [...threadNamespace(threadId), "steps"]);
    }
  }

  /** Removes what is old. Returns how many threads. */
  async sweep(): Promise<number> {
    const { db, stream } = this.#kept;
    await stream.sweep();
    await db.executeSql("delete from plan_execute_spending where day < current_date - $1::int", [
      SPENDING_DAYS,
    ]);
    await db.executeSql("delete from plan_execute_pace where until < now() - interval '1 day'");
    // A tenant without a row starts at the queue's current place, so rows behind that place say nothing.
    await db.executeSql(
      `delete from plan_execute_tenants where tenant <> '' and tag <=
        (select tag from plan_execute_tenants where tenant = '')`,
    );
    return this.#keeping.threadDays === undefined ? 0 : this.#sweepThreads(this.#keeping.threadDays);
  }

  async #sweepThreads(days: number): Promise<number> {
    const { db } = this.#kept;
    let removed = 0;
    for (let last = ""; ; ) {
      const { rows } = await db.executeSql(
        `select thread_id, agent from plan_execute_threads where thread_id > $2 and ${IS_OLD}
          order by thread_id limit $3`,
        [days, last, THREADS_TOGETHER],
      );
      const old = threadsSchema.parse(rows);
      for (const { thread_id: threadId, agent } of old) {
        removed += (await this.#removeThread(threadId, agent, days)) ? 1 : 0;
        last = threadId;
      }
      if (old.length < THREADS_TOGETHER) {
        return removed;
      }
    }
  }

  /** Removes a thread, unless somebody holds it or has added to it meanwhile. Its row goes last, because it finds the rest. */
  async #removeThread(threadId: string, agent: string, days: number): Promise<boolean> {
    const { db, opened, stream, agents } = this.#kept;
    const store = agents[agent]?.store;
    return unlessBusy(opened, threadId, async () => {
      const oldOne = `from plan_execute_threads where thread_id = $2 and ${IS_OLD}`;
      const { rows } = await db.executeSql(`select 1 ${oldOne}`, [days, threadId]);
      if (rows.length === 0) {
        return false;
      }
      await removeThread(opened, threadId, store);
      await stream.deleteThread(threadId);
      await db.executeSql("delete from plan_execute_steering where thread_id = $1", [threadId]);
      await db.executeSql(`delete ${oldOne}`, [days, threadId]);
      return true;
    });
  }
}
