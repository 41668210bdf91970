import { createHash } from "node:crypto";
import { z } from "zod";
import type { PostgresClient } from "./postgres-database.js";
import { PostgresSession, sessionName } from "./postgres-session.js";
import type { ThreadHolder } from "./thread-lock-errors.js";
import type { LockThread } from "./thread-locks.js";

const takenSchema = z.tuple([z.object({ taken: z.boolean() })]);
const holdersSchema = z.array(z.object({ application_name: z.string().nullable() }));

type SharedSession = { readonly opening: Promise<PostgresSession>; users: number };

/**
 * A lock is a session advisory lock, on a connection beside the pool's: the server frees it when the connection ends,
 * so in whatever way its owner dies. All locks of one checkpointer share the connection, which is there only as long as
 * one of them is. Behind a pooler in transaction mode there is no session, and so no lock.
 */
export function lockOnPostgres(connect: () => PostgresClient): LockThread {
  let current: SharedSession | undefined;
  const share = (silenceMs: number) => {
    const shared = { opening: PostgresSession.open(connect(), silenceMs), users: 0 };
    const forget = () => {
      if (current === shared) current = undefined;
    };
    shared.opening.then(({ lost }) => lost.addEventListener("abort", forget), forget);
    return shared;
  };
  const leave = async (shared: SharedSession) => {
    shared.users -= 1;
    if (shared.users > 0) return;
    if (current === shared) current = undefined;
    const session = await shared.opening;
    await session.end();
  };
  return async (threadId, { staleAfterMs }) => {
    current ??= share(staleAfterMs);
    const shared = current;
    shared.users += 1;
    try {
      const session = await shared.opening;
      const key = keyOf(threadId);
      const [{ taken }] = takenSchema.parse(
        await session.query("select pg_try_advisory_lock($1::bigint) as taken", [key]),
      );
      if (!taken) {
        const heldBy = await holderOf(session, key);
        await leave(shared);
        return { heldBy };
      }
      const release = async () => {
        // Where the connection breaks before or meanwhile, the server has freed the lock, or will.
        if (!session.lost.aborted)
          await session.query("select pg_advisory_unlock($1::bigint)", [key]).catch(() => []);
        await leave(shared);
      };
      return { lost: session.lost, release };
    } catch (error) {
      await leave(shared).catch(() => {});
      throw error;
    }
  };
}

/** The name of a thread's lock: 64 bits of a hash, since the server takes a number. */
function keyOf(threadId: string): string {
  const hash = createHash("sha256").update(`langgraph-plan-execute thread ${threadId}`).digest();
  return hash.readBigInt64BE().toString();
}

async function holderOf(session: PostgresSession, key: string): Promise<ThreadHolder> {
  const rows = await session.query(
    `select application_name from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and granted and objsubid = 1
        and pg_locks.database = (select oid from pg_database where datname = current_database())
        and (classid::bigint << 32 | objid::bigint) = $1::bigint`,
    [key],
  );
  const [holder] = holdersSchema.parse(rows);
  const [, pid, host] = sessionName.exec(holder?.application_name ?? "") ?? [];
  return pid === undefined || host === undefined ? {} : { pid: Number(pid), host };
}
