import { setTimeout as delay } from "node:timers/promises";
import { forLiveRun, type PlanExecuteAgent, steer } from "../agent/index.js";
import { describeError, isOfClass, linkSignal, PlanExecuteError } from "../base/index.js";
import { type OpenCheckpointer, ThreadLockLostError } from "../checkpoint/index.js";
import { StateUpdateError, StorageError } from "../runtime/index.js";
import { type SteerChange, steerInputSchema } from "../state/index.js";
import { firstPlace, noteBegun } from "./fair-order.js";
import { type HeldThread, HeldThreads } from "./held-threads.js";
import { type JobData, jobId, jobSchema } from "./jobs.js";
import { type Boss, type FetchedJob, inTransaction, openJobs, type QueueDatabase } from "./pg-boss.js";
import { configOf, readStanding, runJob, type ThreadStanding } from "./run-job.js";
import { findChanges, leaveThread, removeChanges, type WaitingChanges } from "./tables.js";
import { TenantBudgets } from "./tenant-budget.js";
import type { CheckedLimits } from "./tenant-limits.js";

/** What a worker works with. */
export interface WorkerPlace {
  readonly boss: Boss;
  /** The queue's name. */
  readonly name: string;
  /** The worker's own name, which its connections have. */
  readonly worker: string;
  readonly agents: Readonly<Record<string, PlanExecuteAgent>>;
  readonly opened: OpenCheckpointer;
  readonly limits: CheckedLimits;
  readonly onProblem: (problem: QueueProblem) => void;
}

/** Something that went wrong and that the queue can live with. */
export interface QueueProblem {
  /** The thread that it happened to; undefined: no thread in particular. */
  readonly threadId?: string;
  readonly message: string;
  readonly error: unknown;
}

/** How often a job is given to a worker before it counts as one that kills them. */
const MAX_ATTEMPTS = 20;
/** How often a worker looks for changes to the threads that it runs. */
const STEERING_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

interface Running {
  readonly data: JobData;
  readonly agent: PlanExecuteAgent;
  stop(): void;
}

/** Works on the jobs of a queue, several at once. */
export class Jobs {
  readonly #place: WorkerPlace;
  readonly #held: HeldThreads;
  readonly #budgets: TenantBudgets;
  readonly #running = new Set<Running>();
  readonly #stopping = new AbortController();
  /** The ids of changes that were handed to a run and are not stored yet. */
  readonly #handed = new Set<string>();
  #steering: NodeJS.Timeout | undefined;

  constructor(place: WorkerPlace) {
    this.#place = place;
    this.#held = new HeldThreads(place.opened, place.boss.getDb(), place.worker);
    this.#budgets = new TenantBudgets(place.boss, place.limits.ofDay);
    this.#watchForChanges();
  }

  get #db(): QueueDatabase {
    return this.#place.boss.getDb();
  }

  /** How many jobs it works on. */
  get count(): number {
    return this.#running.size;
  }

  /** Does a job. Rejects if somebody is to do it again. */
  readonly take = async (job: FetchedJob & { readonly priority: number }): Promise<unknown> => {
    const data = jobSchema.parse(job.data);
    if (await this.#isOvertaking(job, data.threadId)) {
      throw new Error("An earlier job of the thread goes first.");
    }
    noteBegun(this.#db, job.priority).catch((error) =>
      this.#tell("The order of the queue was not kept", error),
    );
    const agent = this.#place.agents[data.agent];
    if (agent === undefined) {
      const error = new Error(`This worker has no agent "${data.agent}".`);
      this.#tell(error.message, error, data.threadId);
      await this.#pause(job, job.signal);
      throw error;
    }
    const linked = linkSignal(job.signal);
    const running = { data, agent, stop: () => linked.abort(new Error("the worker was stopped")) };
    this.#running.add(running);
    try {
      return await this.#takeThread(job, data, agent, linked);
    } catch (error) {
      if (!linked.signal.aborted) {
        this.#tell("A job failed, and is done again", error, data.threadId);
        await this.#pause(job, linked.signal);
      }
      throw error;
    } finally {
      linked.unlink();
      this.#running.delete(running);
    }
  };

  /**
   * Whether an earlier job of the thread waits. While one worker fetches that job, it is locked, and another worker that
   * fetches passes it by; of the two, pg-boss gives the job that is stored first.
   */
  async #isOvertaking(
    { id, priority }: { id: string; priority: number },
    threadId: string,
  ): Promise<boolean> {
    const jobs = await openJobs(this.#place.boss, this.#place.name, threadId);
    return jobs.some(
      (other) =>
        other.id !== id &&
        other.state !== "active" &&
        other.priority > priority &&
        other.startAfter.getTime() <= Date.now(),
    );
  }

  /**
   * Lets each run come to its next quiet moment, where nothing is in flight and everything is stored, and stops it
   * there; after `drainMs` it stops wherever it is.
   */
  async drain(drainMs: number): Promise<void> {
    clearTimeout(this.#steering);
    this.#stopping.abort();
    const isOver = delay(drainMs, undefined, { ref: false });
    await Promise.all(
      [...this.#running].map(async (running) => {
        const { configurable } = forLiveRun(configOf(running.data.threadId, this.#place.opened));
        const quiet = steer(running.agent, running.data.threadId, [], { configurable });
        // It rejects if the run is just over, or has not begun.
        await Promise.race([quiet.catch(() => {}), isOver]);
        running.stop();
      }),
    );
  }

  /** Gives back what the tenants of its runs have not used. Call it when the last run is over. */
  close(): Promise<void> {
    return this.#budgets.close();
  }

  async #takeThread(
    job: FetchedJob,
    data: JobData,
    agent: PlanExecuteAgent,
    linked: ReturnType<typeof linkSignal>,
  ): Promise<object> {
    const held = await this.#held.take(data, job, linked.signal);
    if (held === undefined) {
      return { status: "unknown" };
    }
    const lose = () => linked.abort(held.lost.reason);
    held.lost.addEventListener("abort", lose, { once: true });
    try {
      const standing = await this.#run(job, data, agent, held, linked.signal);
      await this.#leave(data, held, standing);
      const { status, reason } = standing;
      return { status, reason };
    } finally {
      held.lost.removeEventListener("abort", lose);
      await held.release();
    }
  }

  async #run(
    job: FetchedJob,
    data: JobData,
    agent: PlanExecuteAgent,
    { row }: HeldThread,
    signal: AbortSignal,
  ): Promise<ThreadStanding> {
    if (job.retryCount >= MAX_ATTEMPTS) {
      const reason = `The job was begun ${job.retryCount} times, and none of its workers came to its end.`;
      return { status: "failed", reason, isCutOff: true };
    }
    const { checkpointer: saver } = this.#place.opened;
    try {
      return await runJob(data, {
        agent,
        saver,
        context: row.context ?? undefined,
        budget: this.#budgets.of(data.tenant),
        hasBegun: row.begun === job.id,
        signal,
        steer: () => this.#makeChanges(agent, data.threadId),
      });
    } catch (error) {
      // Nothing gets better by doing again what the agent refuses. What was lost, or not stored, is done again.
      const isRefused =
        error instanceof PlanExecuteError &&
        !isOfClass(error, ThreadLockLostError) &&
        !isOfClass(error, StorageError);
      if (signal.aborted || !isRefused) {
        throw error;
      }
      this.#tell("A job was refused", error, data.threadId);
      const { isCutOff } = await readStanding(agent, data.threadId, saver);
      return { status: "failed", reason: describeError(error), isCutOff };
    }
  }

  /** Writes how the thread stands, and adds the job that ends a request which expires, in one transaction. */
  async #leave(data: JobData, { row }: HeldThread, standing: ThreadStanding): Promise<void> {
    const { boss, name } = this.#place;
    const { status, reason, request } = standing;
    await inTransaction(boss, undefined, async (db) => {
      await leaveThread(db, row, { status, reason, requestId: request?.requestId });
      if (request?.expiresAt !== undefined) {
        const { agent, threadId, tenant } = data;
        const { requestId, expiresAt } = request;
        const expiry: JobData = { kind: "expiry", agent, threadId, tenant, requestId };
        await boss.send(name, expiry, {
          id: jobId("expiry", threadId, requestId),
          singletonKey: threadId,
          priority: await firstPlace(db),
          // The clocks of two machines differ.
          startAfter: new Date(Date.parse(expiresAt) + 1_000),
          group: { id: tenant, tier: tenant },
          db,
        });
      }
    });
  }

  /** Makes the changes that wait for a thread which does not run. */
  async #makeChanges(agent: PlanExecuteAgent, threadId: string): Promise<boolean> {
    let isChanged = false;
    for (const waiting of await findChanges(this.#db, [threadId])) {
      isChanged = (await this.#makeChange(agent, waiting, false)) || isChanged;
    }
    return isChanged;
  }

  async #makeChange(agent: PlanExecuteAgent, waiting: WaitingChanges, isLive: boolean): Promise<boolean> {
    const { id, thread_id: threadId, changes, by } = waiting;
    const config = configOf(threadId, this.#place.opened);
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

  /** Hands changes to the runs that they are for, for as long as the worker takes jobs. */
  #watchForChanges(): void {
    this.#steering = setTimeout(async () => {
      try {
        const byThread = new Map([...this.#running].map((one) => [one.data.threadId, one.agent]));
        const found = byThread.size === 0 ? [] : await findChanges(this.#db, [...byThread.keys()]);
        for (const waiting of found) {
          const agent = byThread.get(waiting.thread_id);
          if (agent !== undefined && !this.#handed.has(waiting.id)) {
            this.#handed.add(waiting.id);
            this.#makeChange(agent, waiting, true)
              .catch((error) => this.#tell("A change was not made", error, waiting.thread_id))
              .finally(() => this.#handed.delete(waiting.id));
          }
        }
      } catch (error) {
        this.#tell("Changes were not looked for", error);
      }
      if (!this.#stopping.signal.aborted) {
        this.#watchForChanges();
      }
    }, STEERING_PAUSE_MS).unref();
  }

  /** Waits before a job is given away again, in its place, so that no later job of its thread goes before it. */
  async #pause({ retryCount }: FetchedJob, signal: AbortSignal): Promise<void> {
    const ms = Math.min(1_000 * 2 ** retryCount, MAX_PAUSE_MS);
    await delay(ms, undefined, {
      signal: AbortSignal.any([signal, this.#stopping.signal]),
      ref: false,
    }).catch(() => {});
  }

  #tell(what: string, error: unknown, threadId?: string): void {
    this.#place.onProblem({ threadId, message: `${what}: ${describeError(error)}`, error });
  }
}
