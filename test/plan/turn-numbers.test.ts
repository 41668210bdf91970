import { expect, test } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import { toTurnNumbers } from "../../src/plan/index.js";

test("a plan that counts its own steps counts on from those that have ended", () => {
  const plan: JsonValue = {
    steps: [
      { tool: "read" },
      { args: { text: "{{1.a.2}}, {{item.1}}, {{x1}} and \\{{1}}" }, if: "{{2}} > 1" },
    ],
  };
  expect(toTurnNumbers(plan, 4)).toEqual({
    steps: [
      { tool: "read" },
      { args: { text: "{{4.a.2}}, {{item.1}}, {{x1}} and \\{{1}}" }, if: "{{5}} > 1" },
    ],
  });
});

test("a plan whose steps have ids stays as it is", () => {
  const plan: JsonValue = { steps: [{ id: "1" }, { id: "2", args: { text: "{{1}}" } }] };
  expect(toTurnNumbers(plan, 4)).toBe(plan);
});
