// pg-boss, as far as the queue uses it. Its own types are not imported, because a program that does not use the queue
// need not have the package.
import { z } from "zod";
import { describeError } from "../base/index.js";
import { installCommand, type PackageLoader, wrongVersion } from "../langgraph/index.js";
import { QueueError } from "./queue-error.js";

/** Runs statements, by themselves or in a transaction of the caller's: what pg-boss calls a `Db`. */
export interface QueueDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** A transaction on a connection of pg-boss. */
interface Transaction {
  readonly db: QueueDatabase;
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A job that a worker was given. */
export interface FetchedJob {
  readonly id: string;
  readonly data: unknown;
  readonly priority: number;
  /** How many times it was given to a worker before. */
  readonly retryCount: number;
  /** Aborts when the job is no longer this worker's: cancelled, or given to another one. */
  readonly signal: AbortSignal;
}

interface SendOptions {
  readonly id?: string;
  readonly singletonKey: string;
  readonly priority: number;
  readonly startAfter?: Date;
  readonly group: { readonly id: string; readonly tier: string };
  readonly db?: QueueDatabase;
}

/** An instance of pg-boss. */
export interface Boss {
  on(event: "error", listener: (error: Error) => void): unknown;
  start(): Promise<unknown>;
  stop(options: { readonly graceful: boolean; readonly timeout: number }): Promise<void>;
  getDb(): QueueDatabase & { beginTransaction(): Promise<Transaction> };
  createQueue(name: string, options: object): Promise<void>;
  send(name: string, data: object, options: SendOptions): Promise<string | null>;
  cancel(name: string, ids: string[], options: { readonly db: QueueDatabase }): Promise<unknown>;
  schedule(name: string, cron: string, data: object, options: object): Promise<void>;
  unschedule(name: string, key: string, options: { readonly db: QueueDatabase }): Promise<void>;
  work(
    name: string,
    options: object,
    handler: (jobs: readonly FetchedJob[]) => Promise<unknown>,
  ): Promise<string>;
  offWork(name: string, options: { readonly wait: boolean }): Promise<void>;
  notifyWorker(id: string): void;
}

interface BossModule {
  PgBoss: new (options: object) => Boss;
}

/**
 * Loads pg-boss.
 * @throws QueueError PACKAGE_MISSING if it is missing, or is an older version: 10.x has no heartbeat and no groups.
 */
export async function loadPgBoss(load: PackageLoader): Promise<BossModule["PgBoss"]> {
  const wrong = wrongVersion("pg-boss");
  if (wrong !== undefined) {
    throw packageMissing(wrong, undefined);
  }
  let loaded: unknown;
  try {
    loaded = await load("pg-boss");
  } catch (cause) {
    throw packageMissing(`cannot be loaded (${describeError(cause)})`, cause);
  }
  if (!isBossModule(loaded)) {
    throw packageMissing("does not have what was expected of it", undefined);
  }
  return loaded.PgBoss;
}

function packageMissing(what: string, cause: unknown): QueueError {
  return new QueueError(
    "PACKAGE_MISSING",
    `The queue needs the package pg-boss, which ${what}. Install it: ${installCommand(["pg-boss"])} ` +
      "(with the version: on Node 20 npm else takes 10.x, which does not notice that a worker has died)",
    { cause },
  );
}

function isBossModule(loaded: unknown): loaded is BossModule {
  return typeof Reflect.get(Object(loaded), "PgBoss") === "function";
}

const storedSchema = z.array(
  z.object({
    id: z.string(),
    data: z.unknown(),
    state: z.enum(["created", "retry", "active"]),
    startAfter: z.date(),
  }),
);

/** A job that waits or runs. */
export type StoredJob = z.infer<typeof storedSchema>[number];

/** The jobs of a thread that wait or run. pg-boss's own search also reads all those that are over. */
export async function openJobs(db: QueueDatabase, name: string, threadId: string): Promise<StoredJob[]> {
  // Two indexes: one for what waits, and one for what runs.
  const { rows } = await db.executeSql(
    `select id, data, state::text as state, start_after as "startAfter" from (
        select * from pgboss.job where name = $1 and singleton_key = $2 and state < 'active'
        union all
        select * from pgboss.job where name = $1 and coalesce(singleton_key, '') = $2 and state = 'active'
          and policy = 'singleton') as open order by created_on`,
    [name, threadId],
  );
  return storedSchema.parse(rows);
}

/** Whether a job of the thread waits that goes before this one. */
export async function hasEarlierJob(
  db: QueueDatabase,
  name: string,
  threadId: string,
  { id, priority }: Pick<FetchedJob, "id" | "priority">,
): Promise<boolean> {
  const { rows } = await db.executeSql(
    `select 1 from pgboss.job where name = $1 and singleton_key = $2 and state < 'active'
        and id <> $3::uuid and priority > $4 and start_after <= now() limit 1`,
    [name, threadId, id, priority],
  );
  return rows.length > 0;
}

/** Does the work in a transaction: in the caller's, or in one of its own. */
export async function inTransaction<Result>(
  boss: Boss,
  given: QueueDatabase | undefined,
  work: (db: QueueDatabase) => Promise<Result>,
): Promise<Result> {
  if (given !== undefined) {
    return work(given);
  }
  const transaction = await boss.getDb().beginTransaction();
  try {
    const result = await work(transaction.db);
    await transaction.commit();
    return result;
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}
