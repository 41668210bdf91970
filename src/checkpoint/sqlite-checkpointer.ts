import { withoutLateWrites } from "./late-writes.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";
import { shareLargeValues } from "./share-large-values.js";
import { openSqliteDatabase } from "./sqlite-database.js";
import { retainInSqlite } from "./sqlite-retention.js";
import { lockOnSqlite } from "./sqlite-thread-locks.js";
import { ThreadLocks } from "./thread-locks.js";

/** `sqlite:<path>` keeps checkpoints in a file, `sqlite::memory:` in a database that closing forgets. */
export const openSqliteCheckpointer: CheckpointerDriver = (url, { load, serializer }) =>
  openSqliteDatabase(url, load, async (saver) => {
    if (serializer !== undefined) saver.serde = serializer;
    // The saver makes its tables at its first read or write; its deleteThread alone does not, and fails on a new
    // file. A read of nothing does it now, and tells now if the file is no database.
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
