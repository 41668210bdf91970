import { afterAll, describe, expect, it } from "vitest";
import { dependenciesOf } from "../../../src/models/offline/plan-draft.js";
import {
  arithmeticGoals,
  dateGoals,
  type Expected,
  fileGoals,
  impossibleGoals,
  laterGoals,
  tableGoals,
} from "./goals.js";
import { leaves, type Outcome, World } from "./world.js";

const world = new World();
afterAll(() => world.remove());

/** What the steps gave that no other step used, and the answer. */
function finalValues({ plan, outputs }: Outcome): string[] {
  const used = new Set(plan?.steps.flatMap(dependenciesOf));
  const last = plan?.steps.filter((step) => !used.has(step.id) || step.id === plan.answer) ?? [];
  return last.flatMap((step) => leaves(outputs.get(step.id) ?? null));
}

async function expectOutcome(goal: string, expected: Expected): Promise<void> {
  const outcome = await world.carryOut(goal);
  expect(outcome.text).toBeUndefined();
  expect(outcome.issues).toEqual([]);
  if (typeof expected === "string") {
    expect(finalValues(outcome)).toContain(expected);
  } else if (Array.isArray(expected)) {
    expect(finalValues(outcome)).toEqual(expect.arrayContaining(expected));
  } else {
    expect(outcome.written).toMatchObject(expected);
  }
}

describe.each([
  ["arithmetic", arithmeticGoals],
  ["files", fileGoals],
  ["tables", tableGoals],
  ["dates", dateGoals],
  ["goals that were written after the rules", laterGoals],
])("a plan by rule for %s", (_, goals) => {
  it.each(goals)("does what %j asks", async (goal, expected) => {
    await expectOutcome(goal, expected);
  });
});

describe("a goal that the rules do not understand", () => {
  it.each(impossibleGoals)("%j is refused in words, never planned in part", async (goal) => {
    const outcome = await world.carryOut(goal);
    expect(outcome.plan).toBeUndefined();
    expect(outcome.text).toMatch(/^unclear: /);
  });
});

describe("the order of a plan", () => {
  it("leaves parts that stand side by side free", async () => {
    const { plan } = await world.carryOut("Calculate 17*23 and 19*29, then add the two results");
    expect(plan?.steps.map(({ args, dependsOn }) => [args?.expression, dependsOn])).toEqual([
      ["17 * 23", []],
      ["19 * 29", []],
      ["{{1}} + {{2}}", []],
    ]);
    expect(plan?.answer).toBe("3");
  });

  it("lets what comes after “then” wait, with or without a reference", async () => {
    const { plan } = await world.carryOut("Calculate 3*4, then calculate 5*6");
    expect(plan?.steps.map(({ dependsOn }) => dependsOn)).toEqual([[], ["1"]]);
  });

  it("lets a reader of a file wait for its writer", async () => {
    const { plan, outputs } = await world.carryOut("Write 'new words' to a.txt. Read a.txt.");
    expect(plan?.steps.map(({ dependsOn }) => dependsOn)).toEqual([[], ["1"]]);
    expect(outputs.get("2")).toBe("new words");
  });

  it("reads a file once for several counts", async () => {
    const { plan } = await world.carryOut("Read a.txt, count its words, then count its lines");
    expect(plan?.steps.filter(({ tool }) => tool === "read_file")).toHaveLength(1);
  });

  it("asks the rows that were chosen, not the whole table", async () => {
    const { outputs } = await world.carryOut(
      "List the rows in sales.csv where region is North, then sum the amount",
    );
    expect(leaves(outputs.get("2") ?? null)).toContain("150");
  });

  it("writes braces in the goal as they are", async () => {
    const { written } = await world.carryOut("Write 'a {{1}} b' to c.txt");
    expect(written["c.txt"]).toBe("a {{1}} b");
  });
});
