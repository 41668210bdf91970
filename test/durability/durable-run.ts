import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import { createCheckpointer, createPlanExecuteAgent } from "../../src/index.js";
import { type Attempt, attempt, type KillPoint, stateSchema } from "./attempt.js";
import { createModel, createTools, type Entry, entrySchema, rightOutputs } from "./fixtures/ragged-plan.js";
import type { Assignment } from "./fixtures/worker.js";
import { keptSteps } from "./kept-steps.js";

/** One run over many processes. */
export class DurableRun {
  readonly #assignment: Assignment;
  #last: Attempt | undefined;

  constructor(url: string, journal: string) {
    this.#assignment = { url, thread: "1", journal };
  }

  /** Lets a new process go on; it must start nothing that was kept as finished. */
  async attempt(more: Partial<Assignment>, killPoint?: KillPoint): Promise<Attempt> {
    const { url, thread } = this.#assignment;
    const kept = this.#last === undefined ? [] : await keptSteps(url, thread);
    this.#last = await attempt({ ...this.#assignment, ...more }, killPoint);
    const started = startedSteps(this.#last.entries);
    expect(started.filter((step) => kept.includes(step))).toEqual([]);
    return this.#last;
  }

  /** Kills process after process, each after as many ended calls as come next in turn; returns how many it killed. */
  async killUntilItEnds(ends: readonly number[]): Promise<number> {
    for (let kills = 0; kills < 40; kills += 1) {
      const { end } = await this.attempt({}, { ended: ends[kills % ends.length] ?? 1 });
      if (end !== undefined) return kills;
    }
    throw new Error("The run comes to no end.");
  }

  /**
   * The end is right in itself, as it is without a kill, and each call had one key however often it was made. Steps
   * that waited for a person have ended in another order than without.
   */
  async assertRightEnd({ anyOrder = false } = {}): Promise<void> {
    const end = comparable(this.#last?.end?.state, anyOrder);
    const outputs = end.pastSteps.flatMap(({ id, output }) => (output === undefined ? [] : [[id, output]]));
    expect(Object.fromEntries(outputs)).toEqual(rightOutputs());
    expect(end).toEqual(await undisturbedEnd(anyOrder));
    assertOneKeyForEachCall(await readJournal(this.#assignment.journal));
  }
}

/** The steps whose tools were called, for-each steps and agents once for each call. */
export function startedSteps(entries: readonly Entry[]): string[] {
  const began = entries.filter(({ event }) => event === "began");
  return began.map(({ key }) => key.split(":")[1]?.replace(/\[\d+\]$/, "") ?? "");
}

async function undisturbedEnd(anyOrder: boolean): Promise<unknown> {
  const { checkpointer } = await createCheckpointer("memory:");
  const tools = createTools(async () => {});
  const agent = createPlanExecuteAgent({
    model: createModel(),
    tools,
    planner: { maxSteps: 20 },
    checkpointer,
  });
  const config = { configurable: { thread_id: "1" } };
  await agent.invoke({ input: "go" }, config);
  return comparable((await agent.getState(config)).values, anyOrder);
}

/** What must be the same in every run: times and ids are not. */
function comparable(state: unknown, anyOrder: boolean) {
  const { plan, pastSteps, response, status, outcome, replans } = stateSchema.parse(state);
  const timeless = pastSteps.map(({ startedAt: _startedAt, endedAt: _endedAt, ...result }) => result);
  if (anyOrder) timeless.sort((left, right) => left.id.localeCompare(right.id));
  return { plan, pastSteps: timeless, response, status, outcome, replans };
}

async function readJournal(path: string): Promise<Entry[]> {
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  return lines.map((line) => entrySchema.parse(JSON.parse(line)));
}

/** A call that is made again has the key that it had, no other call has it, and all have one turn. */
function assertOneKeyForEachCall(journal: readonly Entry[]): void {
  const count = (values: readonly unknown[]) => new Set(values.map((value) => JSON.stringify(value))).size;
  const keys = journal.map(({ key }) => key);
  expect(count(journal.map(({ tool, args }) => [tool, args]))).toBe(count(keys));
  expect(count(journal.map(({ tool, args, key }) => [tool, args, key]))).toBe(count(keys));
  expect(count(keys.map((key) => key.split(":")[0]))).toBe(1);
}
