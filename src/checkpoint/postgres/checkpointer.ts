import { z } from "zod";
import { POSTGRES_SQL, separateBranches } from "../../langgraph/index.js";
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

function retainInPostgres(pool: PostgresPool): CheckpointRetention {
  return {
    async threadsBefore(checkpointId) {
      const { rows } = await pool.query(POSTGRES_SQL.threadsBefore, [checkpointId]);
      return threadsSchema.parse(rows);
    },
    async checkpointIds(threadId) {
      const { rows } = await pool.query(POSTGRES_SQL.checkpointIds, [threadId]);
      return groupIds(idsSchema.parse(rows));
    },
    async removeBefore(threadId, namespace, checkpointId) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        const values = [threadId, namespace, checkpointId];
        await client.query(POSTGRES_SQL.removeWrites, values);
        const { rowCount } = await client.query(POSTGRES_SQL.removeCheckpoints, values);
        await client.query(POSTGRES_SQL.removeUnusedBlobs, [threadId, namespace]);
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
