import { expect, test } from "vitest";
import type { JsonValue } from "../../src/base/index.js";
import { fillArgs, fillReferences, type PlanStep, validatePlan } from "../../src/plan/index.js";

const large = "x".repeat(200_000);
const values = new Map<string, JsonValue>([["1", large]]);

test("references that come to more than two million characters are refused, in texts and in lists", () => {
  const times = (count: number) => "{{1}} ".repeat(count);
  expect(fillReferences(times(9), values).ok).toBe(true);
  expect(fillReferences(times(100_000), values)).toEqual({
    ok: false,
    issues: [expect.stringContaining("more than 2000000 characters")],
  });
  const list = Array.from({ length: 10_000 }, () => "{{1}}");
  expect(fillArgs({ list }, values).ok).toBe(false);
  expect(fillArgs({ list: list.slice(0, 9) }, values).ok).toBe(true);
});

test("thousands of wrong ways into one object of thousands of keys are told in a moment", () => {
  const output = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index]));
  const args = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [`a${index}`, `{{1.no${index}}}`]),
  );
  const steps: PlanStep[] = [{ id: "2", description: "x", tool: "t", args }];
  const done = { id: "1", description: "", status: "done", attempts: 1, endedAt: "", output } as const;
  expect(validatePlan({ steps }, { pastSteps: [done] }).length).toBeGreaterThan(1);
});
