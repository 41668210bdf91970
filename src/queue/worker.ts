import { setTimeout as delay } from "node:timers/promises";
import { forLiveRun, type PlanExecuteAgent, steer } from "../agent/index.js";
import { describeError, isOfClass, linkSignal, PlanExecuteError } from "../base/index.js";
import { type OpenCheckpointer, ThreadLockLostError } from "../checkpoint/index.js";
import type { EventListener } from "../events/index.js";
import { StorageError } from "../runtime/index.js";
import { joinBudgets } from "../usage/index.js";
import type { EventWriter } from "./event-writer.js";
import { type HeldThread, HeldThreads } from "./held-threads.js";
import { type JobData, jobId, jobSchema } from "./jobs.js";
import { type Boss, type FetchedJob, hasEarlierJob, inTransaction, type QueueDatabase } from "./pg-boss.js";
import type { Retention } from "./retention.js";
import { configOf, readStanding, runJob, type ThreadStanding } from "./run-job.js";
import { leaveThread } from "./tables.js";
import {
  type CheckedLimits,
  firstPlace,
  noteBegun,
  ProviderPace,
  TenantBudgets,
  takePlace,
} from "./tenants/index.js";
import { ThreadChanges } from "./thread-changes.js";

/** What a worker works with. */
export interface WorkerPlace {
  readonly boss: Boss;
  /** The queue's name. */
  readonly name: string;
  /** The worker's own name, which its connections have. */
  readonly worker: string;
  readonly agents: Readonly<Record<string, PlanExecuteAgent>>;
  readonly opened: OpenCheckpointer;
  readonly events: EventWriter;
  readonly retention: Retention;
  readonly limits: CheckedLimits;
  readonly onProblem: (problem: QueueProblem) => void;
}

/** Something that went wrong without stopping the queue. */
export interface QueueProblem {
  /** The thread that it happened to; undefined: no thread in particular. */
  readonly threadId?: string;
  readonly message: string;
  readonly error: unknown;
}

/** How many workers may die on a job before it counts as failed. */
const MAX_DEATHS = 20;
/** How often a worker looks for changes to the threads that it runs, and for what others heard of providers. */
const LOOK_EVERY_MS = 500;
/** How often a worker removes what is old. */
const SWEEP_EVERY_MS = 600_000;
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
  readonly #pace: ProviderPace;
  readonly #running = new Set<Running>();
  readonly #stopping = new AbortController();
  readonly #changes: ThreadChanges;
  #looking: NodeJS.Timeout | undefined;
  #sweepAt = performance.now() + SWEEP_EVERY_MS * Math.random();

  constructor(place: WorkerPlace) {
    this.#place = place;
    const { opened, events, worker } = place;
    this.#held = new HeldThreads(opened, this.#db, { worker, beforeWrite: () => events.flush() });
    this.#budgets = new TenantBudgets(place.boss, place.limits.ofDay);
    this.#pace = new ProviderPace(this.#db);
    this.#changes = new ThreadChanges(this.#db, opened, (...told) => this.#tell(...told));
    this.#look();
  }

  get #db(): QueueDatabase {
    return this.#place.boss.getDb();
  }

  /** The number of jobs under way. */
  get count(): number {
    return this.#running.size;
  }

  /** Does a job. Rejects if somebody is to do it again. */
  readonly take = async (job: FetchedJob): Promise<unknown> => {
    const data = jobSchema.parse(job.data);
    // While one worker fetches a job, it is locked, and another worker that fetches passes it by. Of the two, pg-boss
    // gives the later job away if it is stored first.
    if (await hasEarlierJob(this.#db, this.#place.name, data.threadId, job)) {
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
    const runs = this.#place.limits.runsOf(data.tenant);
    const leavePlace =
      runs === undefined
        ? async () => {}
        : await takePlace(this.#place.opened, this.#place.name, data.tenant, runs);
    if (leavePlace === undefined) {
      throw new Error("The tenant has as many runs as it may have.");
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
      await leavePlace();
    }
  };

  /**
   * Lets each run come to its next quiet moment, where nothing is in flight and everything is stored, and stops it
   * there; after `drainMs` it stops wherever it is.
   */
  async drain(drainMs: number): Promise<void> {
    clearTimeout(this.#looking);
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
    const unfollow = linked.follow(held.lost);
    try {
      const standing = await this.#run(job, data, agent, held, linked.signal).finally(() =>
        this.#place.events.flush(),
      );
      await this.#leave(data, held, standing);
      if (standing.request === undefined && !standing.isCutOff) {
        await this.#place.retention
          .afterTurn(data.threadId, agent, this.#place.opened)
          .catch((error) => this.#tell("What a turn has left was not removed", error, data.threadId));
      }
      const { status, reason } = standing;
      return { status, reason };
    } finally {
      unfollow();
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
    if (row.deaths >= MAX_DEATHS) {
      const reason = `${row.deaths} workers died while they worked on this job.`;
      return { status: "failed", reason, isCutOff: true };
    }
    const { checkpointer: saver } = this.#place.opened;
    try {
      return await runJob(data, {
        agent,
        saver,
        context: row.context ?? undefined,
        budget: joinBudgets(this.#pace, this.#budgets.of(data.tenant)),
        listener: this.#listenerOf(row),
        hasBegun: row.begun === job.id,
        signal,
        steer: () => this.#changes.make(agent, data.threadId),
      });
    } catch (error) {
      // The agent would refuse the same again. Only work that was lost, or not stored, is repeated.
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

  #listenerOf(row: HeldThread["row"]): EventListener {
    const write = this.#place.events.listenerOf(row);
    return (event) => {
      write(event);
      this.#pace.hear(event).catch((error) => this.#tell("Other workers were not told of a provider", error));
    };
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

  /** Looks regularly for changes by others, as long as the worker takes jobs. */
  #look(): void {
    this.#looking = setTimeout(async () => {
      const agents = new Map([...this.#running].map(({ data, agent }) => [data.threadId, agent]));
      try {
        await Promise.all([this.#changes.handOver(agents), this.#pace.refresh()]);
        if (performance.now() >= this.#sweepAt) {
          this.#sweepAt = performance.now() + SWEEP_EVERY_MS;
          await this.#place.retention.sweep();
        }
      } catch (error) {
        this.#tell("What others did was not looked for, or what is old not removed", error);
      }
      if (!this.#stopping.signal.aborted) {
        this.#look();
      }
    }, LOOK_EVERY_MS).unref();
  }

  /** Waits before a job is given away again, in its place, so that no later job of its thread goes before it. */
  async #pause({ retryCount }: FetchedJob, signal: AbortSignal): Promise<void> {
    const ms = Math.min(1_000 * 2 ** retryCount, MAX_PAUSE_MS);
    const ended = linkSignal(signal, this.#stopping.signal);
    await delay(ms, undefined, { signal: ended.signal, ref: false }).catch(() => {});
    ended.unlink();
  }

  #tell(what: string, error: unknown, threadId?: string): void {
    this.#place.onProblem({ threadId, message: `${what}: ${describeError(error)}`, error });
  }
}
