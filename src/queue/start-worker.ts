import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { PlanExecuteAgent } from "../agent/index.js";
import { describeError } from "../base/index.js";
import { type CheckpointerOptions, createCheckpointer, openPostgres } from "../checkpoint/index.js";
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
/** How often pg-boss looks for workers that died, for work that nobody told of, and whether a job is still ours. */
const PAUSE_SECONDS = 2;
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
    max: 5,
    supervise: true,
    schedule: true,
    superviseIntervalSeconds: PAUSE_SECONDS,
    monitorIntervalSeconds: PAUSE_SECONDS,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    useListenNotify: true,
  });
  const opened = await createCheckpointer(own.href, { load, serializer });
  const connections = await openPostgres(own.href, [], load).catch(async (error) => {
    await opened.close();
    throw error;
  });
  const close = () => Promise.all([opened.close(), connections.close()]);
  const events = new EventWriter(connections.pool, serializer, (error) =>
    onProblem({ message: `Events were not written: ${describeError(error)}`, error }),
  );
  let jobs: Jobs;
  try {
    await boss.start();
    jobs = new Jobs({ ...setting, boss, worker, opened, events });
    await Promise.all(Array.from({ length: concurrency }, () => addSlot()));
  } catch (error) {
    await boss.stop({ graceful: false, timeout: 0 }).catch(() => {});
    await close();
    throw error;
  }

  async function addSlot(): Promise<void> {
    const options = {
      includeMetadata: true,
      pollingIntervalSeconds: PAUSE_SECONDS,
      notifyPollingIntervalSeconds: PAUSE_SECONDS,
      heartbeatRefreshSeconds: PAUSE_SECONDS,
      groupConcurrency: limits.groupConcurrency,
    };
    const id: string = await boss.work(name, options, async (fetched) => {
      const [job] = fetched;
      try {
        return job && (await jobs.take(job));
      } finally {
        // pg-boss waits for the rest of its pause before it fetches again. There may be more to do.
        boss.notifyWorker(id);
      }
    });
  }

  /** Waits, but not for ever. */
  async function until(isSo: () => boolean, ms: number): Promise<void> {
    for (const last = Date.now() + ms; !isSo() && Date.now() < last; ) {
      await delay(20);
    }
  }

  let stopped: Promise<void> | undefined;
  const stop = async (drainMs: number) => {
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
