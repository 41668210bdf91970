import { MemorySaver } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { PostgresStore } from "@langchain/langgraph-checkpoint-postgres/store";
import { describe, expect } from "vitest";
import {
  limitConnections,
  poolOfSaver,
  poolOfStore,
  separateBranches,
} from "../../../src/langgraph/index.js";
import { POSTGRES_TABLES } from "../../../src/langgraph/savers/postgres.js";
import { withPostgres } from "../../support/with-postgres.js";
import { oneNode, thread } from "../graphs.js";
import { checkTouch } from "../touch.js";

const server = withPostgres();

describe("the PostgreSQL saver and store", () => {
  const pools = {
    of: "@langchain/langgraph-checkpoint-postgres",
    breaks:
      "`postgres:` checkpointers and stores cannot be opened, or a server that ends a connection ends the process, and an " +
      "address that swallows packets is waited for without end.",
  } as const;

  checkTouch(pools, "have a pool of pg, whose class of clients can be replaced", async () => {
    const url = await server.createDatabase();
    const saver = PostgresSaver.fromConnString(url);
    const store = PostgresStore.fromConnString(url);
    for (const pool of [poolOfSaver(saver), poolOfStore(store)]) {
      expect(pool).toMatchObject({
        Client: expect.any(Function),
        on: expect.any(Function),
        options: expect.anything(),
      });
    }
    await saver.end();
    await store.stop();
  });

  checkTouch(
    { ...pools, breaks: "A worker of the queue opens ten connections for checkpoints, and not four." },
    "take the most connections of a pool while it is in use",
    async () => {
      const saver = PostgresSaver.fromConnString(await server.createDatabase());
      limitConnections(saver, 2);
      const pool = Object(poolOfSaver(saver));
      await Promise.all(Array.from({ length: 6 }, () => pool.query("select pg_sleep(0.05)")));
      expect(pool.totalCount).toBe(2);
      await saver.end();
    },
  );

  const tables = {
    of: "@langchain/langgraph-checkpoint-postgres",
    breaks: "Retention and deletion of threads fail in PostgreSQL.",
  } as const;

  checkTouch(tables, "make the tables and columns that are used", async () => {
    const saver = PostgresSaver.fromConnString(await server.createDatabase());
    await saver.setup();
    for (const [table, columns] of Object.entries(POSTGRES_TABLES)) {
      const pool = poolOfSaver(saver);
      const query: unknown = Reflect.get(Object(pool), "query");
      const sql = "select column_name from information_schema.columns where table_name = $1";
      const found: unknown = typeof query === "function" ? await query.call(pool, sql, [table]) : undefined;
      const rows: unknown = Reflect.get(Object(found), "rows");
      const names = Array.isArray(rows) ? rows.map((row) => Reflect.get(Object(row), "column_name")) : [];
      expect(names, table).toEqual(expect.arrayContaining([...columns]));
    }
    await saver.end();
  });

  const versions = {
    of: "@langchain/langgraph",
    breaks: "In PostgreSQL two branches from one checkpoint read each other's values.",
  } as const;

  checkTouch(versions, "count versions by a method of theirs, which takes fractions", async () => {
    const saver = new MemorySaver();
    separateBranches(saver, () => 0.5);
    await oneNode(async () => ({ input: "done" }), saver).invoke({ input: "go" }, thread);
    const tuple = await saver.getTuple(thread);
    const counted = Object.values(tuple?.checkpoint.channel_versions ?? {});
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.every((version) => Number(version) % 1 === 0.5)).toBe(true);
  });
});
