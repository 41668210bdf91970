import { expect, test } from "vitest";
import { checkEnd, checkProcess, type ProcessTrace } from "../../bench/chaos/kill/check-run.js";
import type { Kept } from "../../bench/chaos/kill/kept.js";

const nothing: Kept = {
  steps: [],
  rightSteps: [],
  answeredCalls: /^()$/,
  decisions: 0,
  replans: 0,
  usedCalls: 0,
};
const kept: Kept = { ...nothing, steps: ["a"], answeredCalls: /^(planner)$/, usedCalls: 1 };
const trace: ProcessTrace = {
  before: kept,
  after: kept,
  acknowledged: [],
  entries: [],
  calls: [],
  complaint: "",
};
const began = (key: string) => ({ event: "began" as const, tool: "look_up", key, args: {} });

test("a process that does only what was not kept has no fault", () => {
  const faults = checkProcess({
    ...trace,
    entries: [began("turn:b"), began("turn:each[0]")],
    calls: ["call:b"],
  });
  expect(faults).toEqual({ lost: [], repeated: [], wrong: [] });
});

test("a step that was kept and begins again, and a model that is asked again, are repeated", () => {
  const { repeated } = checkProcess({
    ...trace,
    entries: [began("turn:a"), began("turn:b"), began("turn:b")],
    calls: ["planner"],
  });
  expect(repeated).toEqual([
    "turn:a was called again, though its step was kept as finished",
    "turn:b was called twice in one process",
    "the model was asked for planner again, though its answer was kept",
  ]);
});

test("what was kept or acknowledged and is there no more is lost", () => {
  const { lost } = checkProcess({ ...trace, after: nothing, acknowledged: ["b"] });
  expect(lost).toEqual([
    "step a was kept and is gone",
    "step b was kept and is gone",
    "usedCalls went from 1 to 0",
  ]);
});

test("an end without results, with another answer, with calls of two turns, is lost and wrong", () => {
  const state = {
    turn: { id: "turn" },
    plan: [],
    planVersions: [],
    pastSteps: [{ id: "a", output: "other" }],
    decisions: [],
    messages: [],
    response: "something",
    status: "done",
    outcome: null,
    replans: 0,
    rejections: 0,
    usage: { calls: 1 },
  };
  const { lost, wrong } = checkEnd(state, [began("turn:a"), began("next:a")], 2);
  expect(lost).toContain("step b has no result");
  expect(wrong).toEqual([
    'step a gave "other"',
    "the answer is something",
    "1 calls have 2 keys in 2 pairs",
    "the calls are of 2 turns",
    "usage says 1 model calls and that nothing was cut off, 2 were made",
  ]);
});
