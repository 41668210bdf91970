import { afterAll, describe, expect, it } from "vitest";
import { arithmeticGoals } from "./goals/arithmetic.js";
import { dateGoals } from "./goals/dates.js";
import { fileGoals } from "./goals/files.js";
import { peoplesGoals } from "./goals/people.js";
import { givenUpGoals, impossibleGoals } from "./goals/refused.js";
import { tableGoals } from "./goals/tables.js";
import { World } from "./world.js";

const world = new World();
afterAll(() => world.remove());

describe.each([
  ["arithmetic", arithmeticGoals],
  ["files", fileGoals],
  ["tables", tableGoals],
  ["dates", dateGoals],
  ["people's own words", peoplesGoals],
])("the offline planner answers %s", (_, goals) => {
  it.each(goals.map(([goal, answer, files = {}]) => ({ goal, answer, files })))(
    "$goal",
    async ({ goal, answer, files }) => {
      const outcome = await world.carryOut(goal);
      expect(outcome.answer).toBe(answer);
      expect(outcome.written).toEqual(files);
    },
  );
});

describe("the offline planner refuses", () => {
  it.each(impossibleGoals)("%j, which needs a model or can be read in two ways", async (goal) => {
    expect((await world.carryOut(goal)).reply).toMatchObject({
      refused: expect.stringContaining("nothing was done"),
    });
  });

  it.each(givenUpGoals)(
    "%j, which could be understood, or its step fails for want of a column",
    async (goal) => {
      const outcome = await world.carryOut(goal).then(
        ({ reply }) => JSON.stringify(reply),
        (error: unknown) => String(error),
      );
      expect(outcome).toMatch(/"refused"|no column/);
    },
  );
});
