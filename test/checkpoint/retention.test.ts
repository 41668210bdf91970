import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import { afterAll } from "vitest";
import type { OpenCheckpointer } from "../../src/checkpoint/index.js";
import { withPostgres } from "../support/with-postgres.js";
import { query, unneededLargeValues } from "./large-values.js";
import { describeRetention } from "./retention-contract.js";

const postgres = withPostgres();
const folder = mkdtempSync(join(tmpdir(), "plan-execute-retention-"));
let files = 0;
const sqliteUrl = () => {
  files += 1;
  return `sqlite:${join(folder, `${files}.db`)}`;
};

afterAll(() => rmSync(folder, { recursive: true }));

describeRetention({ kind: "memory", url: () => "memory:", orphans: orphansInMemory });
describeRetention({ kind: "sqlite", url: sqliteUrl, orphans: orphansInSqlite });
describeRetention({ kind: "postgres", url: () => postgres.createDatabase(), orphans: orphansInPostgres });

const orphanWrites = (table: string) => `select thread_id, checkpoint_id from ${table} as kept
  where not exists (select 1 from checkpoints where checkpoints.thread_id = kept.thread_id
    and checkpoints.checkpoint_ns = kept.checkpoint_ns and checkpoints.checkpoint_id = kept.checkpoint_id)`;
const orphanBlobs = `select thread_id, channel, version from checkpoint_blobs as kept
  where not exists (select 1 from checkpoints where checkpoints.thread_id = kept.thread_id
    and checkpoints.checkpoint_ns = kept.checkpoint_ns
    and checkpoint -> 'channel_versions' ->> kept.channel = kept.version)
  and thread_id = '1'`;

function orphansInMemory({ checkpointer }: OpenCheckpointer): unknown[] {
  if (!(checkpointer instanceof MemorySaver)) {
    throw new Error("not in memory");
  }
  return Object.keys(checkpointer.writes).filter((key) => {
    const [threadId, namespace, id]: string[] = JSON.parse(key);
    return checkpointer.storage[threadId ?? ""]?.[namespace ?? ""]?.[id ?? ""] === undefined;
  });
}

function orphansInSqlite(opened: OpenCheckpointer): unknown[] {
  return [...query(opened, orphanWrites("writes")), ...unneededLargeValues(opened)];
}

async function orphansInPostgres({ checkpointer }: OpenCheckpointer): Promise<unknown[]> {
  const pool: unknown = Reflect.get(checkpointer, "pool");
  if (!(pool instanceof Object) || !("query" in pool) || typeof pool.query !== "function") {
    throw new Error("no pool");
  }
  const found = [await pool.query(orphanWrites("checkpoint_writes")), await pool.query(orphanBlobs)];
  return found.flatMap(({ rows }) => rows);
}
