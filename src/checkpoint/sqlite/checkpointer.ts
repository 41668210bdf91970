import { z } from "zod";
import { SQLITE_SQL, type SqliteDatabase } from "../../langgraph/index.js";
import { type CheckpointerDriver, type CheckpointRetention, groupIds } from "../driver.js";
import { withoutLateWrites } from "../late-writes.js";
import { ThreadLocks } from "../thread-locks.js";
import { openSqliteDatabase } from "./database.js";
import { removeUnneededValues } from "./large-values.js";
import { lockOnSqlite } from "./lock.js";
import { shareLargeValues } from "./share-large-values.js";

/**
 * Opens `sqlite:<path>`, which keeps checkpoints in a file, or `sqlite::memory:`, which forgets them when it
 * is closed.
 */
export const openSqliteCheckpointer: CheckpointerDriver = (url, { load, serializer }) =>
  openSqliteDatabase(url, load, async (saver) => {
    if (serializer !== undefined) {
      saver.serde = serializer;
    }
    // The saver creates its tables at its first read or write, but not in deleteThread, which therefore fails
    // on a new file. A read that finds nothing creates them now, and fails now if the file is not a database.
    await saver.getTuple({ configurable: { thread_id: "" } });
    await shareLargeValues(saver);
    const locks = new ThreadLocks(lockOnSqlite(saver.db));
    const close = async () => {
      await locks.close();
      saver.db.close();
    };
    const retention = retainInSqlite(saver.db);
    return withoutLateWrites({
      checkpointer: saver,
      kind: "sqlite",
      lockThread: locks.lock,
      retention,
      close,
    });
  });

const threadsSchema = z.array(z.object({ threadId: z.string(), newestId: z.string() }));
const idsSchema = z.array(z.object({ checkpoint_ns: z.string(), checkpoint_id: z.string() }));

/** Checkpoints share large values. A value goes when no remaining row needs it. */
function retainInSqlite(db: SqliteDatabase): CheckpointRetention {
  return {
    async threadsBefore(checkpointId) {
      return threadsSchema.parse(db.prepare(SQLITE_SQL.threadsBefore).all(checkpointId));
    },
    async checkpointIds(threadId) {
      return groupIds(idsSchema.parse(db.prepare(SQLITE_SQL.checkpointIds).all(threadId)));
    },
    removeBefore: async (threadId, namespace, checkpointId) =>
      db
        .transaction(() => {
          db.prepare(SQLITE_SQL.removeWrites).run(threadId, namespace, checkpointId);
          const { changes } = db.prepare(SQLITE_SQL.removeCheckpoints).run(threadId, namespace, checkpointId);
          removeUnneededValues(db, threadId);
          return changes;
        })
        .immediate(),
  };
}
