// The queue's own tables, beside those of pg-boss and of the checkpoints.
//
//   plan_execute_threads   a row for each thread: whose it is, how it stands, and which job may write to it (`token`)
//   plan_execute_tenants   where each tenant stands in the order of the queue (`fair-order.ts`)
//   plan_execute_spending  what each tenant used on each day
//   plan_execute_pace      until when a provider of models is not asked
//   plan_execute_steering  changes of people that no run has taken yet
import { z } from "zod";
import type { Migrations } from "../checkpoint/index.js";
import type { QueueDatabase } from "./pg-boss.js";
import { QueueError } from "./queue-error.js";

/** The statements that create the tables. */
export const QUEUE_MIGRATIONS: Migrations = {
  part: "queue",
  statements: [
    `create table if not exists plan_execute_threads (
    thread_id text primary key,
    agent text not null,
    tenant text not null,
    context jsonb,
    status text not null default 'new',
    reason text,
    request_id text,
    begun uuid,
    token bigint not null default 0,
    job uuid,
    worker text,
    changed_at timestamptz not null default now()
  ) with (fillfactor = 50)`,
    `create table if not exists plan_execute_tenants (
    tenant text primary key,
    tag bigint not null
  ) with (fillfactor = 50)`,
    `create table if not exists plan_execute_spending (
    tenant text not null,
    day date not null,
    calls bigint not null default 0,
    cost_usd double precision not null default 0,
    primary key (tenant, day)
  ) with (fillfactor = 50)`,
    `create table if not exists plan_execute_steering (
    id bigint generated always as identity primary key,
    thread_id text not null,
    changes jsonb not null,
    by text
  )`,
    "create index if not exists plan_execute_steering_thread on plan_execute_steering (thread_id)",
    "create table plan_execute_pace (provider text primary key, until timestamptz not null)",
    "alter table plan_execute_threads add column deaths int not null default 0",
  ],
};

const threadSchema = z.object({
  thread_id: z.string(),
  agent: z.string(),
  tenant: z.string(),
  context: z.record(z.string(), z.unknown()).nullable(),
  status: z.string(),
  reason: z.string().nullable(),
  request_id: z.string().nullable(),
  begun: z.string().nullable(),
  token: z.coerce.number(),
  worker: z.string().nullable(),
  deaths: z.number(),
});

/** The row of a thread. */
export type ThreadRow = z.infer<typeof threadSchema>;

const COLUMNS = "thread_id, agent, tenant, context, status, reason, request_id, begun, token, worker, deaths";

/** Makes the row of a thread that a job is added to, or finds it. A thread stays with its agent. */
export async function enterThread(
  db: QueueDatabase,
  { threadId, agent, tenant, context }: { threadId: string; agent: string; tenant: string; context?: object },
): Promise<void> {
  const { rows } = await db.executeSql(
    `insert into plan_execute_threads (thread_id, agent, tenant, context) values ($1, $2, $3, $4::jsonb)
      on conflict (thread_id) do update
        set tenant = excluded.tenant, context = coalesce(excluded.context, plan_execute_threads.context),
          changed_at = now()
        where plan_execute_threads.agent = excluded.agent
      returning thread_id`,
    [threadId, agent, tenant, context === undefined ? null : JSON.stringify(context)],
  );
  if (rows.length === 0) {
    throw new QueueError(
      "OTHER_AGENT",
      `The thread "${threadId}" is another agent's: give "${agent}" a thread of its own.`,
    );
  }
}

/** Reads the row of a thread. Undefined if nothing was ever queued for it. */
export async function findThread(db: QueueDatabase, threadId: string): Promise<ThreadRow | undefined> {
  const { rows } = await db.executeSql(`select ${COLUMNS} from plan_execute_threads where thread_id = $1`, [
    threadId,
  ]);
  return z.array(threadSchema).parse(rows)[0];
}

/**
 * Gives a thread to a job: from now on nobody writes to it who was given it before. If another worker had it for the same
 * job and never let go of it, that worker died.
 */
export async function giveThread(
  db: QueueDatabase,
  threadId: string,
  { id, worker }: { id: string; worker: string },
): Promise<ThreadRow | undefined> {
  const { rows } = await db.executeSql(
    `update plan_execute_threads set token = token + 1, job = $2::uuid, worker = $3,
        deaths = case when job is distinct from $2::uuid then 0 when worker is null then deaths else deaths + 1 end
      where thread_id = $1
      returning ${COLUMNS}`,
    [threadId, id, worker],
  );
  return z.array(threadSchema).parse(rows)[0];
}

/** How a job left its thread. */
export interface Standing {
  readonly status: string;
  readonly reason?: string;
  readonly requestId?: string;
}

/** Writes how a job leaves its thread, unless the thread has been given to another job. */
export async function leaveThread(
  db: QueueDatabase,
  { thread_id, token }: Pick<ThreadRow, "thread_id" | "token">,
  { status, reason, requestId }: Standing,
): Promise<void> {
  await db.executeSql(
    `update plan_execute_threads set status = $3, reason = $4, request_id = $5, changed_at = now()
      where thread_id = $1 and token = $2`,
    [thread_id, token, status, reason ?? null, requestId ?? null],
  );
}

/** Writes that a worker has let go of a thread. Where this is missing, the worker died or stands still. */
export async function freeThread(
  db: QueueDatabase,
  { thread_id, token }: Pick<ThreadRow, "thread_id" | "token">,
): Promise<void> {
  await db.executeSql("update plan_execute_threads set worker = null where thread_id = $1 and token = $2", [
    thread_id,
    token,
  ]);
}

const steeringSchema = z.array(
  z.object({
    id: z.coerce.string(),
    thread_id: z.string(),
    changes: z.array(z.unknown()),
    by: z.string().nullable(),
  }),
);

/** Changes of people that wait for a thread. */
export type WaitingChanges = z.infer<typeof steeringSchema>[number];

/** Finds the changes that wait for these threads, the oldest first. */
export async function findChanges(
  db: QueueDatabase,
  threadIds: readonly string[],
): Promise<WaitingChanges[]> {
  const { rows } = await db.executeSql(
    "select id, thread_id, changes, by from plan_execute_steering where thread_id = any($1) order by id",
    [[...threadIds]],
  );
  return steeringSchema.parse(rows);
}

/** Removes changes that were made or cannot be made. */
export async function removeChanges(db: QueueDatabase, id: string): Promise<void> {
  await db.executeSql("delete from plan_execute_steering where id = $1", [id]);
}
