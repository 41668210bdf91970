// The insides of LangGraph's saver and store for PostgreSQL. This package uses their pools, reads and deletes rows of
// the saver's tables (`checkpoint/postgres`), changes how the saver counts versions, and adds a check to the
// transactions in which the saver writes.
import type { BaseCheckpointSaver } from "@langchain/langgraph";

/** The saver's tables, and the columns of them that this package uses. */
export const POSTGRES_TABLES = {
  checkpoints: ["thread_id", "checkpoint_ns", "checkpoint_id", "checkpoint"],
  checkpoint_writes: ["thread_id", "checkpoint_ns", "checkpoint_id"],
  checkpoint_blobs: ["thread_id", "checkpoint_ns", "channel", "version"],
} as const;

const OLD_ROWS = "where thread_id = $1 and checkpoint_ns = $2 and checkpoint_id < $3";

/** The statements on the saver's tables. Ids are compared byte by byte, because that is how they were made to sort. */
export const POSTGRES_SQL = {
  /** $1 is an id that no thread's newest checkpoint may reach. */
  threadsBefore: `select thread_id as "threadId", max(checkpoint_id collate "C") as "newestId" from checkpoints
    group by thread_id having max(checkpoint_id collate "C") < $1`,
  checkpointIds: `select checkpoint_ns, checkpoint_id from checkpoints where thread_id = $1
    order by checkpoint_id collate "C" desc`,
  /** $1 is the thread, $2 the namespace, $3 the oldest id that stays. */
  removeWrites: `delete from checkpoint_writes ${OLD_ROWS}`,
  removeCheckpoints: `delete from checkpoints ${OLD_ROWS}`,
  /** Checkpoints share the values of channels that did not change. A value goes when no remaining checkpoint names it. */
  removeUnusedBlobs: `delete from checkpoint_blobs where thread_id = $1 and checkpoint_ns = $2
    and (channel, version) not in (
      select used.key, used.value from checkpoints, jsonb_each_text(checkpoint -> 'channel_versions') as used
        where thread_id = $1 and checkpoint_ns = $2)`,
} as const;

/** Returns the saver's pool. It is a plain property that only the types hide. */
export function poolOfSaver(saver: object): unknown {
  return Reflect.get(saver, "pool");
}

/** Limits how many connections a saver opens. Its pool asks this option each time that it might open another. */
export function limitConnections(saver: object, most: number): void {
  Reflect.set(Object(Reflect.get(Object(poolOfSaver(saver)), "options")), "max", most);
}

/** Returns the store's pool. */
export function poolOfStore(store: object): unknown {
  return Reflect.get(Object(Reflect.get(store, "core")), "pool");
}

/**
 * Gives the values of each branch of a thread versions of their own. PostgreSQL's saver keeps values by channel and
 * version, and does not write a version again that it already has. LangGraph.js counts versions in whole numbers, so
 * the second branch from a checkpoint would reach the versions of the first branch and read the first branch's values.
 * A random fraction keeps the branches apart and the versions in order. A thread with whole numbers can go on.
 */
export function separateBranches(saver: BaseCheckpointSaver, random: () => number = Math.random): void {
  saver.getNextVersion = (current: number | undefined) => Math.floor(current ?? 0) + 1 + random();
}

/** A connection that a pool lends. */
export interface LentClient {
  query(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/**
 * Checks a write to a thread inside the transaction that writes. If it throws, nothing is written. What it returns is
 * called when the transaction is committed. LangGraph stores what tasks wrote, and checkpoints of graphs inside, side by
 * side with the checkpoints of the thread itself (`isOfThread`), and they may come first.
 */
export type WriteCheck = (threadId: string, isOfThread: boolean, client: LentClient) => Promise<() => void>;

const WRITES_OF_TASK = /\bcheckpoint_writes\b/;

/**
 * Has a saver check each of its write transactions. The saver writes on a connection of its pool, one for each
 * transaction, and every row that it writes begins with the thread's id.
 */
export function checkWrites(saver: object, check: WriteCheck): void {
  const pool: object = Object(poolOfSaver(saver));
  const connect: unknown = Reflect.get(pool, "connect");
  if (typeof connect !== "function") {
    throw new TypeError("The saver has no pool of connections.");
  }
  const checked = async () => checkedClient(await connect.call(pool), check);
  Reflect.set(saver, "pool", withMethod(pool, "connect", checked));
}

function checkedClient(client: object, check: WriteCheck): object {
  const query: unknown = Reflect.get(client, "query");
  if (typeof query !== "function") {
    throw new TypeError("The pool's connection takes no queries.");
  }
  const plain = async (...given: unknown[]) => query.apply(client, given);
  const committed = new Map<string, () => void>();
  return withMethod(client, "query", async (text: unknown, values: unknown) => {
    const [threadId, namespace] = Array.isArray(values) ? values : [];
    if (typeof threadId === "string" && !committed.has(threadId)) {
      const isOfThread = namespace === "" && !WRITES_OF_TASK.test(String(text));
      committed.set(threadId, await check(threadId, isOfThread, { query: plain }));
    }
    const answer: unknown = await plain(text, values);
    if (text === "COMMIT") {
      for (const tell of committed.values()) {
        tell();
      }
    }
    return answer;
  });
}

/** The object with another method. Its other methods run on the object itself. */
function withMethod(object: object, name: string, method: (...given: unknown[]) => unknown): object {
  return new Proxy(object, {
    get(target, key) {
      if (key === name) {
        return method;
      }
      const member: unknown = Reflect.get(target, key);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
