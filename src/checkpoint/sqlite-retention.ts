import { z } from "zod";
import { type CheckpointRetention, groupIds } from "./checkpoint-retention.js";
import type { SqliteDatabase } from "./sqlite-database.js";
import { removeUnneededValues } from "./sqlite-large-values.js";

const threadsSchema = z.array(z.object({ threadId: z.string(), newestId: z.string() }));
const idsSchema = z.array(z.object({ checkpoint_ns: z.string(), checkpoint_id: z.string() }));

/** Retention in SQLite. Large values are what checkpoints share: one goes when no row that is left needs it. */
export function retainInSqlite(db: SqliteDatabase): CheckpointRetention {
  return {
    async threadsBefore(checkpointId) {
      const sql = `select thread_id as threadId, max(checkpoint_id) as newestId from checkpoints
        group by thread_id having max(checkpoint_id) < ?`;
      return threadsSchema.parse(db.prepare(sql).all(checkpointId));
    },
    async checkpointIds(threadId) {
      const sql = `select checkpoint_ns, checkpoint_id from checkpoints where thread_id = ?
        order by checkpoint_id desc`;
      return groupIds(idsSchema.parse(db.prepare(sql).all(threadId)));
    },
    removeBefore: async (threadId, namespace, checkpointId) =>
      db
        .transaction(() => {
          const old = "where thread_id = ? and checkpoint_ns = ? and checkpoint_id < ?";
          db.prepare(`delete from writes ${old}`).run(threadId, namespace, checkpointId);
          const { changes } = db
            .prepare(`delete from checkpoints ${old}`)
            .run(threadId, namespace, checkpointId);
          removeUnneededValues(db, threadId);
          return changes;
        })
        .immediate(),
  };
}
