import { z } from "zod";
import { separateBranches } from "../../langgraph/index.js";
import { cannotOpen } from "../checkpointer-error.js";
import { type CheckpointerDriver, type CheckpointRetention, groupIds } from "../driver.js";
import { withoutLateWrites } from "../late-writes.js";
import { ThreadLocks } from "../thread-locks.js";
import { type PostgresPool, setupBesideOthers, whyNotOpen } from "./database.js";
import { lockOnPostgres } from "./lock.js";
import { openSaver } from "./pool.js";

/** Opens `postgres://…` and `postgresql://…`, which keep checkpoints in the schema `public` of a database. */
export const openPostgresCheckpointer: CheckpointerDriver = async (url, { load, serializer }) => {
  const { saver, pool } = await openSaver(url, load);
  try {
    if (serializer !== undefined) {
      saver.serde = serializer;
    }
    separateBranches(saver);
    await setupBesideOthers(() => saver.setup());
    const locks = new ThreadLocks(lockOnPostgres(() => new pool.Client(pool.options)));
    let closed: Promise<void> | undefined;
    const close = () => {
      closed ??= locks.close().then(() => saver.end());
      return closed;
    };
    const retention = retainInPostgres(pool);
    return withoutLateWrites({
      checkpointer: saver,
      kind: "postgres",
      lockThread: locks.lock,
      retention,
      close,
    });
  } catch (cause) {
    await saver.end();
    throw cannotOpen("the PostgreSQL checkpointer", whyNotOpen(cause, url));
  }
};

const threadsSchema = z.array(z.object({ threadId: z.string(), newestId: z.string() }));
const idsSchema = z.array(z.object({ checkpoint_ns: z.string(), checkpoint_id: z.string() }));

const OLD = "where thread_id = $1 and checkpoint_ns = $2 and checkpoint_id < $3";
/** Checkpoints share the values of channels that did not change. A value goes when no remaining checkpoint names it. */
const REMOVE_UNUSED_BLOBS = `delete from checkpoint_blobs where thread_id = $1 and checkpoint_ns = $2
  and (channel, version) not in (
    select used.key, used.value from checkpoints, jsonb_each_text(checkpoint -> 'channel_versions') as used
      where thread_id = $1 and checkpoint_ns = $2)`;

/** Ids are compared byte by byte, because that is how they were made to sort. */
function retainInPostgres(pool: PostgresPool): CheckpointRetention {
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
        await client.query(`delete from checkpoint_writes ${OLD}`, values);
        const { rowCount } = await client.query(`delete from checkpoints ${OLD}`, values);
        await client.query(REMOVE_UNUSED_BLOBS, [threadId, namespace]);
        await client.query("commit");
        return rowCount ?? 0;
      } catch (error) {
        // On a broken connection the rollback fails too; what broke it is the error to tell.
        await client.query("rollback").catch(() => {});
        throw error;
      } finally {
        client.release();
      }
    },
  };
}
