import { z } from "zod";
import { type CheckpointRetention, groupIds } from "./checkpoint-retention.js";
import type { PostgresPool } from "./postgres-database.js";

const threadsSchema = z.array(z.object({ threadId: z.string(), newestId: z.string() }));
const idsSchema = z.array(z.object({ checkpoint_ns: z.string(), checkpoint_id: z.string() }));

const old = "where thread_id = $1 and checkpoint_ns = $2 and checkpoint_id < $3";
/** Checkpoints share the values of channels that did not change: one goes when no checkpoint that is left names it. */
const removeUnusedBlobs = `delete from checkpoint_blobs where thread_id = $1 and checkpoint_ns = $2
  and (channel, version) not in (
    select used.key, used.value from checkpoints, jsonb_each_text(checkpoint -> 'channel_versions') as used
      where thread_id = $1 and checkpoint_ns = $2)`;

/** Retention in PostgreSQL. Ids are compared byte by byte, as they were made to be. */
export function retainInPostgres(pool: PostgresPool): CheckpointRetention {
  return {
    async threadsBefore(checkpointId) {
      const { rows } = await pool.query(
        `select thread_id as "threadId", max(checkpoint_id collate "C") as "newestId" from checkpoints
          group by thread_id having max(checkpoint_id collate "C") < $1`,
        [checkpointId],
      );
      return threadsSchema.parse(rows);
    },
    async checkpointIds(threadId) {
      const { rows } = await pool.query(
        `select checkpoint_ns, checkpoint_id from checkpoints where thread_id = $1
          order by checkpoint_id collate "C" desc`,
        [threadId],
      );
      return groupIds(idsSchema.parse(rows));
    },
    async removeBefore(threadId, namespace, checkpointId) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const values = [threadId, namespace, checkpointId];
        await client.query(`delete from checkpoint_writes ${old}`, values);
        const { rowCount } = await client.query(`delete from checkpoints ${old}`, values);
        await client.query(removeUnusedBlobs, [threadId, namespace]);
        await client.query("commit");
        return rowCount ?? 0;
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
