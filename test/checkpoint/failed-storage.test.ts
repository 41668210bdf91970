import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createCheckpointer, type OpenCheckpointer } from "../../src/checkpoint/index.js";
import { plannedAgent } from "../support/agent-run.js";
import { createDeferred, createJournal } from "../support/deferred.js";
import { expectNone } from "../support/no-trouble.js";
import { withPostgres } from "../support/with-postgres.js";

const postgres = withPostgres();
const folder = mkdtempSync(join(tmpdir(), "plan-execute-failed-"));
const thread = { configurable: { thread_id: "1" } };
expectNone("unhandledRejection", "uncaughtException");
afterAll(() => rmSync(folder, { recursive: true }));

const names = ["a", "b", "c", "d"];

/** An agent with four steps in a row, each with an output of its own; something happens in the second. */
function createWorld({ checkpointer }: OpenCheckpointer, inSecond: () => unknown) {
  const journal = createJournal();
  const work = tool(
    async ({ name }) => {
      journal.add(name);
      if (journal.entries.length === 2) {
        await inSecond();
      }
      return name.repeat(20_000);
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const steps = names.map((name, index) => ({
    id: name,
    tool: "work",
    args: { name },
    dependsOn: names.slice(Math.max(0, index - 1), index),
  }));
  const { agent } = plannedAgent(steps, { tools: [work], checkpointer });
  return { agent, journal };
}

describe("on SQLite", () => {
  it("a full disk ends the run, and with room again only what was lost is done again", async () => {
    const opened = await createCheckpointer(`sqlite:${join(folder, "full.db")}`);
    const pragma = pragmaOf(opened);
    const { agent, journal } = createWorld(opened, () => pragma("max_page_count = 1"));
    expect(await agent.invoke({ input: "go" }, thread)).toMatchObject({
      status: "failed",
      outcome: { code: "STORAGE_FAILED", reason: expect.stringContaining("database or disk is full") },
    });
    expect(journal.entries).toEqual(["a", "b"]);
    pragma("max_page_count = 100000");
    expect(await agent.invoke(null, thread)).toMatchObject({ status: "done" });
    expect(journal.entries).toEqual(["a", "b", "b", "c", "d"]);
    await opened.close();
  });

  it("somebody else who writes for long ends the run, and when they are done it goes on", async () => {
    const url = `sqlite:${join(folder, "busy.db")}`;
    const [opened, other] = [await createCheckpointer(url), await createCheckpointer(url)];
    pragmaOf(opened)("busy_timeout = 1");
    const { agent, journal } = createWorld(opened, () => databaseOf(other).exec("begin immediate"));
    expect(await agent.invoke({ input: "go" }, thread)).toMatchObject({
      status: "failed",
      outcome: { code: "STORAGE_FAILED", reason: expect.stringContaining("database is locked") },
    });
    databaseOf(other).exec("rollback");
    expect(await agent.invoke(null, thread)).toMatchObject({ status: "done" });
    expect(journal.entries).toEqual(["a", "b", "b", "c", "d"]);
    await opened.close();
    await other.close();
  });
});

describe("on PostgreSQL", () => {
  it("a connection that is cut in the middle of a write is made anew, and so is the write", async () => {
    const url = await postgres.createDatabase();
    const [opened, other] = [await createCheckpointer(url), await createCheckpointer(url)];
    const release = createDeferred<() => void>();
    const { agent, journal } = createWorld(opened, async () => {
      const holder = await poolOf(other).connect();
      await holder.query("begin");
      await holder.query("lock table checkpoint_writes in access exclusive mode");
      release.resolve(() => holder.release());
    });
    const run = agent.invoke({ input: "go" }, thread);
    await journal.seen("b");
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock'";
    await expect.poll(async () => (await poolOf(other).query(waiting)).rows.length).toBe(1);
    await postgres.dropConnections();
    expect(await run).toMatchObject({ status: "done" });
    expect(journal.entries).toEqual(names);
    (await release.promise)();
    await opened.close();
    await other.close();
  });
});

interface Database {
  pragma(source: string): unknown;
  exec(source: string): unknown;
}
interface Queries {
  query(text: string): Promise<{ readonly rows: readonly unknown[] }>;
}
interface Pool extends Queries {
  connect(): Promise<Queries & { release(): void }>;
}

function databaseOf({ checkpointer }: OpenCheckpointer): Database {
  return partOf<Database>(checkpointer, "db");
}

function pragmaOf(opened: OpenCheckpointer): (source: string) => unknown {
  return (source) => databaseOf(opened).pragma(source);
}

function poolOf({ checkpointer }: OpenCheckpointer): Pool {
  return partOf<Pool>(checkpointer, "pool");
}

/** What LangGraph's savers have, hidden from types. */
function partOf<Part>(saver: object, name: string): Part {
  return Reflect.get(saver, name);
}
