import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { PlanExecuteAgent } from "../agent/index.js";
import { describeError } from "../base/index.js";
import { type CheckpointerOptions, createCheckpointer, openPostgres } from "../checkpoint/index.js";
import { limitConnections } from "../langgraph/index.js";
import { EventWriter } from "./event-writer.js";
import type { Boss } from "./pg-boss.js";
import { QueueError } from "./queue-error.js";
import type { Retention } from "./retention.js";
import type { CheckedLimits } from "./tenants/index.js";
import { Jobs, type QueueProblem } from "./worker.js";

/** The options of `queue.work`. */
export interface WorkerOptions {
  /** How many runs at once. @default 10 */
  readonly concurrency?: number;
}

/** A worker of this process. */
export interface QueueWorker {
  /** Its name, which its connections have as `application_name`. */
  readonly name: string;
  /** How many runs are under way. */
  readonly running: number;
  /**
   * Takes no new work, lets each run come to its next quiet moment, at most for `drainMs`, and gives it to the other
   * workers. @default 30,000 ms
   */
  stop(options?: { readonly drainMs?: number }): Promise<void>;
}

interface WorkerSetting {
  readonly url: string;
  readonly name: string;
  readonly agents: Readonly<Record<string, PlanExecuteAgent>>;
  readonly load: NonNullable<CheckpointerOptions["load"]>;
  readonly serializer: CheckpointerOptions["serializer"];
  readonly limits: CheckedLimits;
  readonly retention: Retention;
  readonly createBoss: (options: object) => Boss;
  readonly onProblem: (problem: QueueProblem) => void;
}

const DRAIN_MS = 30_000;
/** How long a handler may take to come back after its run was stopped. */
const LEAVE_MS = 5_000;
/** How often pg-boss looks for workers that died. */
const PAUSE_SECONDS = 2;
/** How often a job gives a sign of life. */
const SIGN_SECONDS = 3;
/** How often a worker looks for work while there is none: its places for runs take turns. */
const LOOK_EVERY_SECONDS = 0.1;
/** How often each place looks. pg-boss allows no less than the first. */
const LEAST_LOOK_SECONDS = 0.5;
const MOST_LOOK_SECONDS = 2;
/** How many connections a worker opens for jobs, whose signs of life must not wait for each other, and for checkpoints. */
const JOB_CONNECTIONS = 6;
const CHECKPOINT_CONNECTIONS = 4;
/** How often pg-boss removes jobs that are over. */
const MAINTENANCE_SECONDS = 600;

/** Starts a worker: pg-boss fetches, keeps the heartbeat and settles; what a job does is in worker.ts. */
export async function startWorker(
  { concurrency = 10 }: WorkerOptions,
  { url, load, serializer, createBoss, ...setting }: WorkerSetting,
): Promise<QueueWorker> {
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 1_000) {
    throw new QueueError("INVALID_OPTIONS", "A worker's concurrency is a whole number from 1 to 1,000.");
  }
  const { name, agents, limits, onProblem } = setting;
  if (Object.keys(agents).length === 0) {
    throw new QueueError(
      "INVALID_OPTIONS",
      "A worker needs the agents of the queue: createQueue({ url, agents }).",
    );
  }
  const worker = `plan-execute worker ${randomUUID()}`;
  const own = new URL(url);
  own.searchParams.set("application_name", worker);
  const boss = createBoss({
    max: JOB_CONNECTIONS,
    supervise: true,
    schedule: true,
    superviseIntervalSeconds: PAUSE_SECONDS,
    monitorIntervalSeconds: PAUSE_SECONDS,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
  });
  const opened = await createCheckpointer(own.href, { load, serializer });
  limitConnections(opened.checkpointer, CHECKPOINT_CONNECTIONS);
  const connections = await openPostgres(own.href, [], load).catch(async (error) => {
    await opened.close();
    throw error;
  });
  const close = () => Promise.all([opened.close(), connections.close()]);
  const events = new EventWriter(connections.pool, serializer, (error) =>
    onProblem({ message: `Events were not written: ${describeError(error)}`, error }),
  );
  const places: string[] = [];
  const lookSeconds = Math.min(
    MOST_LOOK_SECONDS,
    Math.max(LEAST_LOOK_SECONDS, concurrency * LOOK_EVERY_SECONDS),
  );
  let jobs: Jobs;
  let stopped: Promise<void> | undefined;
  try {
    await boss.start();
    jobs = new Jobs({ ...setting, boss, worker, opened, events });
    await addPlace();
  } catch (error) {
    await boss.stop({ graceful: false, timeout: 0 }).catch(() => {});
    await close();
    throw error;
  }

  /**
   * Adds a place for a run. With pg-boss's NOTIFY each place of each worker would look for each job that is added, and
   * workers that are short of time would do nothing else. So the places look by turns, and whoever finds a job wakes the
   * next one: there may be more.
   */
  async function addPlace(): Promise<void> {
    const index = places.length;
    const options = {
      includeMetadata: true,
      pollingIntervalSeconds: lookSeconds,
      heartbeatRefreshSeconds: SIGN_SECONDS,
      groupConcurrency: limits.groupConcurrency,
    };
    places[index] = await boss.work(name, options, async (fetched) => {
      const [job] = fetched;
      wake((index + 1) % places.length);
      try {
        return job && (await jobs.take(job));
      } finally {
        // pg-boss would wait for the rest of its pause before it looks again.
        wake(index);
      }
    });
  }

  function wake(index: number): void {
    const id = places[index];
    if (id !== undefined) {
      boss.notifyWorker(id);
    }
  }

  /** Adds the other places one after the other, so that they look by turns. */
  async function addPlaces(): Promise<void> {
    while (places.length < concurrency && stopped === undefined) {
      await delay((lookSeconds * 1_000) / concurrency);
      if (stopped === undefined) {
        await addPlace();
      }
    }
  }
  const adding = addPlaces().catch((error) =>
    onProblem({ message: `The worker has only ${places.length} places: ${describeError(error)}`, error }),
  );

  /** Waits for a promise, at most this long. */
  async function until(isSo: () => boolean, ms: number): Promise<void> {
    for (const last = Date.now() + ms; !isSo() && Date.now() < last; ) {
      await delay(20);
    }
  }

  const stop = async (drainMs: number) => {
    await adding;
    await boss.offWork(name, { wait: false });
    await jobs.drain(drainMs);
    await until(() => jobs.count === 0, LEAVE_MS);
    await jobs.close();
    await boss.stop({ graceful: true, timeout: LEAVE_MS });
    await close();
  };
  return {
    name: worker,
    get running() {
      return jobs.count;
    },
    stop({ drainMs = DRAIN_MS } = {}) {
      stopped ??= stop(drainMs);
      return stopped;
    },
  };
}
