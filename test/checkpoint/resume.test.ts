import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCheckpointer } from "../../src/checkpoint/index.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { runAndKill, runToEnd } from "./attempt.js";
import { createRun } from "./fixtures/ragged-graph.js";

const graphModule = fileURLToPath(new URL("./fixtures/ragged-graph.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "plan-execute-resume-"));
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

const stores = [
  { kind: "sqlite", newUrl: async () => `sqlite:${join(folder, "threads.db")}` },
  { kind: "postgres", newUrl: () => postgres.createDatabase() },
];

describe.each(stores)(
  "a run on $kind that is killed twice and resumed by a new process each time",
  ({ newUrl }) => {
    it("ends in the state of an undisturbed run, and no step whose result was kept runs again", async () => {
      const options = { graphModule, url: await newUrl(), thread: "1" };

      const first = await runAndKill(options, "d", () => kept(options.url, ["a", "b", "c"]));
      expect(first).toEqual({ started: expect.arrayContaining(["a", "b", "c", "d"]), state: undefined });

      const keptFirst = await keptSteps(options.url);
      const second = await runAndKill(options, "f", () => kept(options.url, ["a", "b", "c", "d", "e"]));
      expect(second.started.filter((step) => keptFirst.includes(step))).toEqual([]);
      expect(second.started).toEqual(expect.arrayContaining(["d", "f"]));

      const third = await runToEnd(options);
      expect(third.started).toEqual(["f"]);
      expect(third.state).toEqual(await undisturbed());
    }, 60_000);
  },
);

async function undisturbed(): Promise<unknown> {
  const { checkpointer } = await createCheckpointer("memory:");
  const { graph, input } = createRun(checkpointer, async () => {});
  const config = { configurable: { thread_id: "1" }, durability: "sync" as const };
  await graph.invoke(input, config);
  return (await graph.getState(config)).values;
}

/** Waits until the results of these steps are in the store: a kill before that may lose them, rightly. */
async function kept(url: string, steps: readonly string[]): Promise<void> {
  for (;;) {
    const found = await keptSteps(url);
    if (steps.every((step) => found.includes(step))) return;
    await delay(20);
  }
}

/** The steps whose results are among the writes of the superstep that is running, or was when it was killed. */
async function keptSteps(url: string): Promise<string[]> {
  const { checkpointer, close } = await createCheckpointer(url);
  const { pendingWrites = [] } = (await checkpointer.getTuple({ configurable: { thread_id: "1" } })) ?? {};
  await close();
  return pendingWrites.flatMap(([, , value]) =>
    value instanceof Object && "step" in value ? [String(value.step)] : [],
  );
}
