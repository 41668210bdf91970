import fc from "fast-check";
import { expect, test } from "vitest";
import { hostileAnswer } from "../../support/hostile-answers.js";
import { runHostile } from "../../support/hostile-run.js";

test("huge, deep, cyclic and poisonous plans end with a status, and nothing is written to a prototype", async () => {
  const hostileCase = fc.record({
    method: fc.constantFrom("tool", "json", "text"),
    when: fc.constantFrom("needed", "every-step"),
    answers: fc.array(hostileAnswer, { minLength: 1, maxLength: 3 }),
  });
  // What fails is huge: to make it smaller takes longer than to look at it.
  await fc.assert(
    fc.asyncProperty(hostileCase, async (hostile) => {
      expect(await runHostile(hostile)).toEqual([]);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);
