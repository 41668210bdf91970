import type { PlanExecuteAgent } from "../agent/index.js";
import {
  createCheckpointer,
  isPostgresUrl,
  type OpenCheckpointer,
  openPostgres,
} from "../checkpoint/index.js";
import { importPackage } from "../langgraph/index.js";
import { EVENT_MIGRATIONS, openEventStream } from "../streams/index.js";
import { type JobData, jobSchema } from "./jobs.js";
import {
  type Boss,
  inTransaction,
  loadPgBoss,
  openJobs,
  type QueueDatabase,
  type StoredJob,
} from "./pg-boss.js";
import type { Queue, QueueOptions, QueueStatus } from "./queue.js";
import { QueueError } from "./queue-error.js";
import { checkRetention, Retention } from "./retention.js";
import { configOf } from "./run-job.js";
import { type QueueWorker, startWorker } from "./start-worker.js";
import { enterThread, findThread, QUEUE_MIGRATIONS, type ThreadRow } from "./tables.js";
import { checkLimits, firstPlace, nextPlace } from "./tenants/index.js";

const NAME = /^[\w.-]{1,64}$/;

/**
 * Opens a queue. Missing tables are created.
 * @throws QueueError PACKAGE_MISSING or INVALID_OPTIONS; CheckpointerError CANNOT_OPEN.
 */
export async function createQueue(options: QueueOptions): Promise<Queue> {
  const {
    url,
    agents = {},
    name = "plan-execute",
    load = importPackage,
    serializer,
    onProblem = () => {},
  } = options;
  if (!isPostgresUrl(url)) {
    throw new QueueError(
      "INVALID_OPTIONS",
      "The queue's url must be that of a PostgreSQL database: postgres://…",
    );
  }
  if (!NAME.test(name)) {
    throw new QueueError(
      "INVALID_OPTIONS",
      `The queue's name is "${name}": letters, digits, "_", "-" and "." are.`,
    );
  }
  const limits = checkLimits(options);
  const keeping = checkRetention(options.retention);
  const PgBoss = await loadPgBoss(load);
  const createBoss = (more: object): Boss => {
    const boss = new PgBoss({ connectionString: url, registerInstance: false, ...more });
    boss.on("error", (error) => onProblem({ message: `The queue: ${error.message}`, error }));
    return boss;
  };
  const opened = await createCheckpointer(url, { load, serializer });
  const connections = await openPostgres(url, [EVENT_MIGRATIONS, QUEUE_MIGRATIONS], load).catch(
    async (error) => {
      await opened.close();
      throw error;
    },
  );
  const stream = openEventStream(connections, { keepDays: keeping.eventDays, serializer });
  const boss = createBoss({ max: 2, supervise: false, schedule: false });
  const workers = new Set<QueueWorker>();
  const close = async () => {
    await Promise.all([...workers].map((worker) => worker.stop()));
    await boss.stop({ graceful: false, timeout: 0 });
    await Promise.all([stream.close(), opened.close()]);
  };
  try {
    await boss.start();
    await boss.createQueue(name, {
      policy: "singleton",
      heartbeatSeconds: 15,
      // A job fails only when its worker says so (see worker.ts), never because of its age.
      retryLimit: 1_000,
      expireInSeconds: 86_399,
      // Nobody reads finished jobs.
      deleteAfterSeconds: 3_600,
    });
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  const retention = new Retention(keeping, { db: boss.getDb(), opened, stream, agents });
  const send = async (db: QueueDatabase, data: JobData, priority: number, startAfter?: Date) =>
    boss.send(name, data, {
      singletonKey: data.threadId,
      priority,
      startAfter,
      group: { id: data.tenant, tier: data.tenant },
      db,
    });
  const rowOf = async (threadId: string, db: QueueDatabase): Promise<ThreadRow> => {
    const row = await findThread(db, threadId);
    if (row === undefined) {
      throw new QueueError("UNKNOWN_THREAD", `Nothing was ever queued for the thread "${threadId}".`);
    }
    return row;
  };

  return {
    async start(agent, threadId, input, given = {}) {
      const { tenant = "default", priority = 0, at, cron, timeZone, context, db: own } = given;
      if (Object.keys(agents).length > 0 && !Object.hasOwn(agents, agent)) {
        throw new QueueError(
          "UNKNOWN_AGENT",
          `There is no agent "${agent}": ${Object.keys(agents).join(", ")}.`,
        );
      }
      if (
        tenant === "" ||
        threadId === "" ||
        !Number.isInteger(priority) ||
        (cron !== undefined && at !== undefined)
      ) {
        throw new QueueError(
          "INVALID_OPTIONS",
          "A turn has a thread and a tenant with names, a priority in whole numbers, and either `at` or `cron`.",
        );
      }
      const data = jobSchema.parse({ kind: "turn", agent, threadId, tenant, input });
      return inTransaction(boss, own, async (db) => {
        await enterThread(db, { threadId, agent, tenant, context });
        if (cron === undefined) {
          return send(db, data, await nextPlace(db, tenant, priority), at);
        }
        const scheduled = {
          key: threadId,
          tz: timeZone,
          singletonKey: threadId,
          group: { id: tenant, tier: tenant },
          db,
        };
        await boss.schedule(name, cron, data, scheduled);
        return null;
      });
    },

    async resume(threadId, decisions, { by, db: own } = {}) {
      await inTransaction(boss, own, async (db) => {
        const { agent, tenant, request_id: waits } = await rowOf(threadId, db);
        const given = "decisions" in decisions ? decisions : { decisions };
        const requestId = ("requestId" in given ? given.requestId : undefined) ?? waits;
        if (waits === null || requestId !== waits) {
          throw new QueueError(
            "NOTHING_WAITS",
            `${requestId === null ? "Nothing" : `No request ${requestId}`} waits in the thread "${threadId}", and the answer was not taken.`,
          );
        }
        const answer = { ...(by === undefined ? {} : { decidedBy: by }), ...given, requestId: waits };
        await send(
          db,
          { kind: "answer", agent, threadId, tenant, requestId: waits, answer },
          await firstPlace(db),
        );
      });
    },

    async steer(threadId, change, { by, db: own } = {}) {
      await inTransaction(boss, own, async (db) => {
        const { agent, tenant } = await rowOf(threadId, db);
        await db.executeSql(
          "insert into plan_execute_steering (thread_id, changes, by) values ($1, $2::jsonb, $3)",
          [threadId, JSON.stringify([change].flat()), by ?? null],
        );
        await send(db, { kind: "steering", agent, threadId, tenant }, await firstPlace(db));
      });
    },

    async cancel(threadId, { db: own } = {}) {
      const ids = (await openJobs(boss.getDb(), name, threadId)).map(({ id }) => id);
      await inTransaction(boss, own, async (db) => {
        await rowOf(threadId, db);
        await boss.unschedule(name, threadId, { db });
        if (ids.length > 0) {
          await boss.cancel(name, ids, { db });
        }
        await db.executeSql("delete from plan_execute_steering where thread_id = $1", [threadId]);
        await db.executeSql(
          "update plan_execute_threads set status = 'cancelled', reason = null, request_id = null, changed_at = now() where thread_id = $1",
          [threadId],
        );
      });
    },

    async status(threadId) {
      const row = await findThread(boss.getDb(), threadId);
      if (row === undefined) {
        return undefined;
      }
      const jobs = await openJobs(boss.getDb(), name, threadId);
      return describeThread(row, jobs, agents[row.agent], opened);
    },

    events: (threadId, reading) => stream.read(threadId, reading),

    sweep: () => retention.sweep(),

    async work(given = {}) {
      const worker = await startWorker(given, {
        url,
        name,
        agents,
        load,
        serializer,
        limits,
        retention,
        createBoss,
        onProblem,
      });
      workers.add(worker);
      return worker;
    },

    close,
    [Symbol.asyncDispose]: close,
  };
}

async function describeThread(
  { thread_id: threadId, agent: agentName, tenant, status, reason }: ThreadRow,
  jobs: readonly StoredJob[],
  agent: PlanExecuteAgent | undefined,
  opened: OpenCheckpointer,
): Promise<QueueStatus> {
  const isRunning = jobs.some(({ state }) => state === "active");
  const isDue = jobs.some(({ startAfter }) => startAfter.getTime() <= Date.now());
  const state = await agent?.getState(configOf(threadId, opened));
  const [interrupt] = state?.tasks.flatMap(({ interrupts }) => interrupts) ?? [];
  const response: unknown = state?.values.response;
  return {
    threadId,
    agent: agentName,
    tenant,
    status: isRunning ? "running" : isDue || (jobs.length > 0 && status === "new") ? "queued" : status,
    ...(reason === null ? {} : { reason }),
    ...(interrupt === undefined ? {} : { request: interrupt.value }),
    ...(typeof response === "string" ? { response } : {}),
    jobs: jobs.map(({ id, data, state, startAfter }) => ({
      id,
      kind: jobSchema.parse(data).kind,
      state,
      startAfter,
    })),
  };
}
