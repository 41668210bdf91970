import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, expect } from "vitest";
import type { OpenCheckpointer } from "../../src/checkpoint/index.js";
import { withPostgres } from "../support/with-postgres.js";
import { describeEncrypted } from "./encrypted-contract.js";

const postgres = withPostgres();
let folder: string;
const folders: string[] = [];

afterAll(() => {
  for (const one of folders) {
    rmSync(one, { recursive: true });
  }
});

describeEncrypted({ kind: "memory", url: () => "memory:", raw: rawMemory, survivesClosing: false });
describeEncrypted({ kind: "sqlite", url: sqliteUrl, raw: rawSqlite, survivesClosing: true });
describeEncrypted({
  kind: "postgres",
  url: () => postgres.createDatabase(),
  raw: rawPostgres,
  survivesClosing: true,
});

function sqliteUrl(): string {
  folder = mkdtempSync(join(tmpdir(), "plan-execute-encrypted-"));
  folders.push(folder);
  return `sqlite:${join(folder, "threads.db")}`;
}

/** Every byte of the file and of its log. */
function rawSqlite(): string {
  const files = readdirSync(folder);
  expect(files).toContain("threads.db-wal");
  return files.map((file) => readFileSync(join(folder, file)).toString("latin1")).join();
}

function rawMemory({ checkpointer }: OpenCheckpointer): string {
  const kept = ["storage", "writes"].map((name) => Reflect.get(checkpointer, name));
  const parts: string[] = [];
  JSON.stringify(kept, (_, value: unknown) => {
    if (!(value instanceof Uint8Array)) {
      return value;
    }
    parts.push(Buffer.from(value).toString("latin1"));
    return undefined;
  });
  return `${inspect(kept, { depth: 2 })} ${parts.join()}`;
}

/** Every column of every row of every table. */
async function rawPostgres({ checkpointer }: OpenCheckpointer): Promise<string> {
  const pool: unknown = Reflect.get(checkpointer, "pool");
  if (!(pool instanceof Object) || !("query" in pool) || typeof pool.query !== "function") {
    throw new Error("no pool");
  }
  const parts: string[] = [];
  for (const table of ["checkpoints", "checkpoint_blobs", "checkpoint_writes"]) {
    const { rows } = await pool.query(`select * from ${table}`);
    expect(rows.length).toBeGreaterThan(0);
    for (const value of rows.flatMap(Object.values)) {
      parts.push(Buffer.isBuffer(value) ? value.toString("latin1") : JSON.stringify(value));
    }
  }
  return parts.join();
}
