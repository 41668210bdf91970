import { expect, test } from "vitest";
import { isTrouble, neverRan, type Progress, stopsForReplan } from "../../src/policy/index.js";
import { behind, result, step } from "./results.js";

const requester = { userId: "ann" };
const progress: Progress = { goal: "g", plan: [], pastSteps: [], remaining: [step("1")] };
const over: Progress = { ...progress, remaining: [] };

test("needed never stops a plan, every-step always does", async () => {
  expect(await stopsForReplan("needed", progress, requester)).toBe(false);
  expect(await stopsForReplan("every-step", progress, requester)).toBe(true);
});

test("a function decides by the progress", async () => {
  expect(await stopsForReplan(({ remaining }) => remaining.length === 1, progress, requester)).toBe(true);
  expect(await stopsForReplan(({ remaining }) => remaining.length === 2, progress, requester)).toBe(false);
});

test("nothing stops a plan that has no steps left, and nobody is asked", async () => {
  const ask = () => {
    throw new Error("asked");
  };
  expect(await stopsForReplan(ask, over, requester)).toBe(false);
  expect(await stopsForReplan("every-step", over, requester)).toBe(false);
});

test.each(["failed", "blocked", "unexpected", "rejected"] as const)(
  "a step that ended %s is trouble",
  (status) => {
    expect(isTrouble(result("1", status))).toBe(true);
    expect(neverRan(result("1", status))).toBe(false);
  },
);

test("a step that is done, or skipped by its own condition, is no trouble and has run", () => {
  for (const status of ["done", "skipped"] as const) {
    expect(isTrouble(result("1", status))).toBe(false);
    expect(neverRan(result("1", status))).toBe(false);
  }
});

test("a step behind one that failed is no trouble of its own, and never ran", () => {
  expect(isTrouble(result("1", "skipped", { error: behind }))).toBe(false);
  expect(neverRan(result("1", "skipped", { error: behind }))).toBe(true);
  expect(neverRan(result("1", "failed", { error: behind }))).toBe(false);
});
