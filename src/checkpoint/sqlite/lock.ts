import { randomUUID } from "node:crypto";
import { readFile, readlink } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import type { SqliteDatabase } from "../../langgraph/index.js";
import type { LockOnDatabase, LockRequest } from "../thread-locks.js";

const rowSchema = z.object({
  owner: z.string(),
  host: z.string(),
  pid: z.number(),
  processes: z.string().nullable(),
  since_ms: z.number(),
  alive_ms: z.number(),
  stale_after_ms: z.number(),
});
type LockRow = z.infer<typeof rowSchema>;

const SIGNS_OF_LIFE = 5;

/**
 * Locks threads with rows. A row names an owner, who gives signs of life. Another process takes the row over
 * in one transaction, once the signs have stopped or at once if the owner's process is certainly dead. An
 * owner who finds that the row is no longer its own has lost the lock.
 */
export function lockOnSqlite(db: SqliteDatabase): LockOnDatabase {
  return async (threadId, request) => {
    const processes = await visibleProcesses();
    db.exec(`create table if not exists plan_execute_locks (
      thread_id text primary key, owner text not null, host text not null, pid integer not null, processes text,
      since_ms integer not null, alive_ms integer not null, stale_after_ms integer not null
    )`);
    const { now, staleAfterMs } = request;
    const owner = randomUUID();
    const heldBy = db
      .transaction(() => {
        const found = db.prepare("select * from plan_execute_locks where thread_id = ?").get(threadId);
        const row = found === undefined ? undefined : rowSchema.parse(found);
        if (row !== undefined && !isAbandoned(row, now(), processes)) {
          return row;
        }
        db.prepare("insert or replace into plan_execute_locks values (?, ?, ?, ?, ?, ?, ?, ?)").run(
          ...[threadId, owner, hostname(), process.pid, processes, now(), now(), staleAfterMs],
        );
        return undefined;
      })
      .immediate();
    if (heldBy === undefined) {
      return hold(db, threadId, owner, request);
    }
    return { heldBy: { host: heldBy.host, pid: heldBy.pid, since: new Date(heldBy.since_ms) } };
  };
}

function hold(db: SqliteDatabase, threadId: string, owner: string, { now, staleAfterMs }: LockRequest) {
  const controller = new AbortController();
  let aliveMs = now();
  const lose = (why: string, cause?: unknown) => {
    clearInterval(timer);
    controller.abort(new Error(why, { cause }));
  };
  const giveSign = () => {
    try {
      const sql = "update plan_execute_locks set alive_ms = ? where thread_id = ? and owner = ?";
      if (db.prepare(sql).run(now(), threadId, owner).changes === 0) {
        lose("another process took it over, since this one gave no sign of life in time");
      }
      aliveMs = now();
    } catch (cause) {
      // If the file is locked for a while, the next sign tries again, as long as nobody may take the thread over.
      if (now() - aliveMs > staleAfterMs) {
        lose("its sign of life could not be written", cause);
      }
    }
  };
  const timer = setInterval(giveSign, staleAfterMs / SIGNS_OF_LIFE).unref();
  const release = async () => {
    clearInterval(timer);
    try {
      db.prepare("delete from plan_execute_locks where thread_id = ? and owner = ?").run(threadId, owner);
    } catch {
      // The file is closed, locked or full. The row stays behind without signs of life and will be taken over.
    }
  };
  return { lost: controller.signal, release };
}

/** A sign of life from the future does not count either, because it means that the clock was set back. */
function isAbandoned(row: LockRow, nowMs: number, processes: string | null): boolean {
  if (Math.abs(nowMs - row.alive_ms) > row.stale_after_ms) {
    return true;
  }
  return processes !== null && row.processes === processes && isDead(row.pid);
}

/**
 * Whether a process is certainly dead. If its pid was given to another process it counts as alive, and the
 * signs of life decide.
 */
function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

/**
 * Names the set of processes that this process can see. Two containers may share a file and a host name, and
 * each has its own process 7. Returns null if the set cannot be determined; then only the signs of life count.
 */
async function visibleProcesses(): Promise<string | null> {
  if (process.platform !== "linux") {
    return null;
  }
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      return null;
    }
    throw error;
  }
}
