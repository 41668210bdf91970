import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { DurableRun, startedSteps } from "./durable-run.js";

const folder = mkdtempSync(join(tmpdir(), "plan-execute-durability-"));
let postgres: TestPostgres;
let files = 0;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const newFile = (name: string) => join(folder, `${name}-${++files}`);
const beginOnSqlite = async () => new DurableRun(`sqlite:${newFile("threads.db")}`, newFile("journal"));
const beginOnPostgres = async () => new DurableRun(await postgres.createDatabase(), newFile("journal"));
const gated = { approveTools: ["publish"] };
const requestFor = (stepId: string) => [{ name: "publish", stepId }];

describe.concurrent("a ragged run, its process killed", () => {
  it.each([
    { kind: "sqlite", begin: beginOnSqlite, ends: [2, 6, 4] },
    { kind: "postgres", begin: beginOnPostgres, ends: [5, 3, 7] },
  ])(
    "again and again, on $kind: it ends as if nothing had been, and nothing kept as finished runs again",
    async ({ begin, ends }) => {
      const run = await begin();
      const kills = await run.killUntilItEnds(ends);
      expect(kills).toBeGreaterThan(1);
      await run.assertRightEnd();
    },
    120_000,
  );

  it("and resumed with one more tool that waits for a person: what is approved runs, and every output is right", async () => {
    const run = await beginOnSqlite();
    await run.attempt({}, { ended: 5 });

    const asked = await run.attempt(gated);
    expect(asked.end?.state.status).toBe("waiting");
    expect(asked.end?.request?.actionRequests).toMatchObject(requestFor("i"));
    const askedAgain = await run.attempt({ ...gated, approves: true });
    expect(askedAgain.end?.request?.actionRequests).toMatchObject(requestFor("k"));
    const last = await run.attempt({ ...gated, approves: true });

    expect(last.end?.request).toBeUndefined();
    expect([asked, askedAgain, last].map(({ entries }) => startedSteps(entries).includes("i"))).toEqual([
      false,
      true,
      false,
    ]);
    await run.assertRightEnd({ anyOrder: true });
  }, 120_000);

  it("while it waits for a person and while it does what was approved: it asks for nothing twice", async () => {
    const run = await beginOnPostgres();
    const asked = await run.attempt(gated, "end");
    expect(asked.end?.request?.actionRequests).toMatchObject(requestFor("i"));

    const approved = await run.attempt({ ...gated, approves: true }, { during: "i" });
    expect(approved.end).toBeUndefined();
    expect(startedSteps(approved.entries)).toEqual(["i"]);

    const askedAgain = await run.attempt(gated, "end");
    expect(askedAgain.end?.request?.actionRequests).toMatchObject(requestFor("k"));
    await run.attempt({ ...gated, approves: true });
    await run.assertRightEnd({ anyOrder: true });
  }, 120_000);
});
