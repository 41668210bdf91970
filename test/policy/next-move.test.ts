import { expect, test } from "vitest";
import { nextMove } from "../../src/policy/index.js";
import type { Situation } from "../../src/policy/replan-policy.js";
import { result, step } from "./results.js";

const failed = result("2", "failed", { error: { code: "TOOL_FAILED", message: "no network" } });
const blocked = result("3", "blocked");
const done = result("1", "done", { output: "42" });

function situation(fields: Partial<Situation> & { remaining?: boolean } = {}): Situation {
  const { remaining = false, ...others } = fields;
  return {
    progress: { goal: "g", plan: [], pastSteps: [done], remaining: remaining ? [step("9")] : [] },
    trouble: [],
    answerStep: undefined,
    answerText: undefined,
    limit: undefined,
    isTold: false,
    isAskedFor: false,
    replans: 0,
    maxReplans: 3,
    ...others,
  };
}

test("a limit ends the run, whatever else there is", () => {
  const all = situation({ limit: "out of money", isTold: true, trouble: [failed], remaining: true });
  expect(nextMove(all)).toEqual({ move: "end", reason: "out of money" });
});

test("a rejected plan is changed, however often it was", () => {
  const rejected = situation({ isTold: true, trouble: [failed], replans: 3 });
  expect(nextMove(rejected)).toEqual({ move: "revise", trouble: [failed] });
  expect(nextMove(situation({ isTold: true, remaining: true }))).toEqual({ move: "revise", trouble: [] });
});

test("trouble asks for another plan as long as there are changes left", () => {
  expect(nextMove(situation({ trouble: [failed], replans: 2 }))).toEqual({
    move: "revise",
    trouble: [failed],
  });
  expect(nextMove(situation({ trouble: [failed], remaining: true }))).toEqual({
    move: "revise",
    trouble: [failed],
  });
});

test("trouble ends the run when the changes are used up, and every step in trouble is named", () => {
  expect(nextMove(situation({ trouble: [failed, blocked], replans: 3 }))).toEqual({
    move: "end",
    reason:
      "step 2 ended failed (no network); step 3 ended blocked; the plan was changed 3 times, which is maxReplans",
  });
});

test("trouble ends the run at once where replanning is off", () => {
  expect(nextMove(situation({ trouble: [failed], maxReplans: 0 }))).toEqual({
    move: "end",
    reason: "step 2 ended failed (no network); replanning is off (maxReplans is 0)",
  });
});

test("a healthy plan goes on without a model, unless the policy asks", () => {
  expect(nextMove(situation({ remaining: true }))).toEqual({ move: "go-on" });
  expect(nextMove(situation({ remaining: true, isAskedFor: true }))).toEqual({ move: "revise", trouble: [] });
});

test("a policy that asks is not heard when the changes are used up", () => {
  const asked = situation({ remaining: true, isAskedFor: true, replans: 3 });
  expect(nextMove(asked)).toEqual({ move: "go-on" });
});

test("a finished plan is answered, also where the policy asks", () => {
  expect(nextMove(situation())).toEqual({ move: "answer" });
  expect(nextMove(situation({ isAskedFor: true }))).toEqual({ move: "answer" });
});

test("a finished plan that names a step is answered with its output", () => {
  expect(nextMove(situation({ answerStep: "1" }))).toEqual({ move: "answer-with-step", result: done });
});

test.each([0, false, [], {}])("an output of %j is an answer", (output) => {
  const past = result("1", "done", { output });
  const named = situation({ answerStep: "1" });
  const move = nextMove({ ...named, progress: { ...named.progress, pastSteps: [past] } });
  expect(move).toEqual({ move: "answer-with-step", result: past });
});

test.each([
  ["is not there", result("7", "done", { output: "x" })],
  ["was skipped", result("1", "skipped", { output: "x" })],
  ["gave nothing", result("1", "done")],
  ["gave null", result("1", "done", { output: null })],
  ["gave an empty text", result("1", "done", { output: "" })],
  ["gave a blank text", result("1", "done", { output: " \ufeff\n" })],
])("where the step that is named %s, a model answers", (_, past) => {
  const named = situation({ answerStep: "1" });
  expect(nextMove({ ...named, progress: { ...named.progress, pastSteps: [past] } })).toEqual({
    move: "answer",
  });
});

test("the plan's own words for the answer are taken where all steps are done, and before a step's output", () => {
  const words = situation({ answerText: "It is 42.", answerStep: "1" });
  expect(nextMove(words)).toEqual({ move: "answer-in-words", text: "It is 42." });
  expect(nextMove({ ...words, trouble: [failed] })).toEqual({ move: "revise", trouble: [failed] });
  expect(nextMove(situation({ answerText: "It is 42.", remaining: true }))).toEqual({ move: "go-on" });
});
