// The order of the queue: start-time fair queueing. A job gets a tag when it is added: one more than its tenant's job
// before it, or than the job that was begun last, whichever is more. The smallest tag goes first. So a tenant that adds
// ten jobs behind another one's ten thousand is served in turn with it, and who was idle saves nothing up. pg-boss serves
// by priority, so the tag, negated, is the priority.
import { z } from "zod";
import type { QueueDatabase } from "../pg-boss.js";

/** The row with the tag of the job that was begun last. No tenant has an empty name. */
const CLOCK = "";

const tagSchema = z.tuple([z.object({ tag: z.coerce.number() })]);

/** Takes the next place for a new turn of a tenant. `ahead` turns of the same tenant may be passed by. */
export async function nextPlace(db: QueueDatabase, tenant: string, ahead: number): Promise<number> {
  const { rows } = await db.executeSql(
    `insert into plan_execute_tenants as mine (tenant, tag)
      values ($1, coalesce((select tag from plan_execute_tenants where tenant = $2), 0) + 1)
      on conflict (tenant) do update set tag = greatest(mine.tag + 1, excluded.tag) returning tag`,
    [tenant, CLOCK],
  );
  const [{ tag }] = tagSchema.parse(rows);
  return ahead - tag;
}

/** The place of what goes on with a turn that has begun: the next that is free. */
export async function firstPlace(db: QueueDatabase): Promise<number> {
  const { rows } = await db.executeSql(
    "select coalesce((select tag from plan_execute_tenants where tenant = $1), 0) as tag",
    [CLOCK],
  );
  const [{ tag }] = tagSchema.parse(rows);
  return -tag;
}

/** Notes that a job has begun. */
export async function noteBegun(db: QueueDatabase, priority: number): Promise<void> {
  await db.executeSql(
    `insert into plan_execute_tenants as clock (tenant, tag) values ($1, $2)
      on conflict (tenant) do update set tag = excluded.tag where clock.tag < excluded.tag`,
    [CLOCK, -priority],
  );
}
