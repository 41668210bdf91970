// The table of events.
//
//   (1) The events of a thread have positions 1, 2, 3 and so on. Whoever adds some counts the thread's counter up in the
//       same statement and so holds its row until the commit: a reader that has seen position 7 has seen all before it.
//   (2) Events that come together are added by one statement, for however many threads. The counters are taken in the
//       order of the threads, so two writers cannot wait for each other.
//   (3) Whoever adds events notifies in the same statement. The payload is a hash, because a thread's id may be longer
//       than a payload may be.
//   (4) Counters stay when events are removed, so a position never comes twice.
import { z } from "zod";
import type { Migrations, PostgresPool } from "../checkpoint/index.js";
import type { AgentEvent } from "../events/index.js";

/** An event and its place among all events of its thread. */
export interface KeptEvent {
  readonly position: number;
  readonly event: AgentEvent;
}

/** An event as a row has it. */
export interface EventRow {
  readonly threadId: string;
  /** The form of the text: "json", or the type that a serializer gave. */
  readonly kind: string;
  readonly text: string;
}

/** The channel on which writers notify. */
export const CHANNEL = "plan_execute_events";

/** The statements that create the tables. */
export const EVENT_MIGRATIONS: Migrations = {
  part: "events",
  statements: [
    "create table plan_execute_event_counters (thread_id text primary key, last bigint not null)",
    `create table plan_execute_events (thread_id text, position bigint, at timestamptz not null default now(),
      kind text not null, event text not null, primary key (thread_id, position))`,
    "create index plan_execute_events_at on plan_execute_events using brin (at)",
  ],
};

const GIVEN = "unnest($1::text[], $2::text[], $3::text[]";

/** One statement, so nobody waits for a process that stands still between two of them. */
const addFrom = (given: string) => `given as (
    select thread_id, kind, event, place, row_number() over (partition by thread_id order by place) as nth from ${given}
  ), sizes as (
    select thread_id, count(*) as size from given group by thread_id
  ), counted as (
    insert into plan_execute_event_counters as counters (thread_id, last)
      select thread_id, size from sizes order by thread_id
      on conflict (thread_id) do update set last = counters.last + excluded.last
      returning thread_id, last
  ), added as (
    insert into plan_execute_events (thread_id, position, kind, event)
      select thread_id, last - size + nth, kind, event
        from given join sizes using (thread_id) join counted using (thread_id)
  )
  select pg_notify('${CHANNEL}', md5(thread_id)) from counted`;

const ADD = `with ${addFrom(`${GIVEN}) with ordinality as each (thread_id, kind, event, place)`)}`;

/** The rows of threads whose token is still the given one stay as they are until the events are there. */
const addHeld = (table: string) => `with held as (
    select thread_id, token from ${table} where thread_id = any($1) order by thread_id for share
  ), ${addFrom(`${GIVEN}, $4::bigint[]) with ordinality as each (thread_id, kind, event, token, place) join held using (thread_id, token)`)}`;

/** Adds events of any number of threads, in their order. */
export async function addEvents(pool: PostgresPool, rows: readonly EventRow[]): Promise<void> {
  await pool.query(ADD, toColumns(rows));
}

/** Adds those events whose token is still their thread's in a table with the columns `thread_id` and `token`. */
export async function addHeldEvents(
  pool: PostgresPool,
  table: string,
  rows: readonly (EventRow & { readonly token: number })[],
): Promise<void> {
  await pool.query(addHeld(table), [...toColumns(rows), rows.map(({ token }) => token)]);
}

function toColumns(rows: readonly EventRow[]): string[][] {
  return (["threadId", "kind", "text"] as const).map((name) => rows.map((row) => row[name]));
}

const pageSchema = z.array(
  z.object({ position: z.coerce.number(), kind: z.string(), text: z.string(), threadId: z.string() }),
);
/** A row as it is read. */
export type ReadRow = z.infer<typeof pageSchema>[number];

/** Reads events of a thread that come after a position. */
export async function readEvents(
  pool: PostgresPool,
  threadId: string,
  after: number,
  limit: number,
): Promise<ReadRow[]> {
  const { rows } = await pool.query(
    `select position, kind, event as text, thread_id as "threadId" from plan_execute_events
      where thread_id = $1 and position > $2 order by position limit $3`,
    [threadId, after, limit],
  );
  return pageSchema.parse(rows);
}

/** Removes a thread's events, and its counter. */
export async function removeThread(pool: PostgresPool, threadId: string): Promise<void> {
  await pool.query(
    `with gone as (delete from plan_execute_events where thread_id = $1)
      delete from plan_execute_event_counters where thread_id = $1`,
    [threadId],
  );
}

/** Removes at most `limit` older events, skipping those that others are removing. Returns how many. */
export async function removeOldEvents(
  pool: PostgresPool,
  olderThanMs: number,
  limit: number,
): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from plan_execute_events where ctid = any (array(
      select ctid from plan_execute_events where at < now() - $1 * interval '1 millisecond'
        limit $2 for update skip locked))`,
    [olderThanMs, limit],
  );
  return rowCount ?? 0;
}
