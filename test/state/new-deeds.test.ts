import { expect, test } from "vitest";
import type { PlanStep, StepResult } from "../../src/plan/index.js";
import { type Decision, hasNewDeeds, type PlanVersion } from "../../src/state/index.js";

const at = "2026-01-01T00:00:00.000Z";
const version = (number: number, steps: PlanStep[]): PlanVersion => ({
  version: number,
  reason: "planned",
  by: "planner",
  at,
  steps,
  resolves: [],
});
const decided = (number: number, type: Decision["type"] = "approve"): Decision => ({
  actionId: `plan:${number}`,
  requestId: "r",
  type,
  at,
});
const isReadOnly = (tool: string) => tool === "look";
const isNew = (
  steps: PlanStep[],
  approved: PlanStep[],
  decisions = [decided(1)],
  pastSteps: StepResult[] = [],
) => hasNewDeeds(steps, { planVersions: [version(1, approved)], pastSteps, decisions }, isReadOnly);
const ended = (id: string, status: StepResult["status"]): StepResult => ({
  id,
  description: "",
  status,
  attempts: 1,
  endedAt: at,
});

const pay = (amount: unknown, more: Partial<PlanStep> = {}): PlanStep => ({
  id: "2",
  description: "pay",
  tool: "pay",
  args: { amount: amount as number },
  ...more,
});
const look = (what: string, id = "1"): PlanStep => ({
  id,
  description: "look",
  tool: "look",
  args: { what },
});
const agent: PlanStep = { id: "3", description: "write to Ann" };

test("everything is new where no plan was approved, or it was rejected", () => {
  expect(isNew([look("x")], [look("x")], [])).toBe(true);
  expect(isNew([pay(1)], [pay(1)], [decided(1, "reject")])).toBe(true);
});

test("the same call is not new, whatever its id, its words and its place", () => {
  expect(isNew([pay(1, { id: "9", description: "once more" })], [pay(1), agent])).toBe(false);
});

test("other tools for an agent are new, and another model is not", () => {
  const reading: PlanStep = { ...agent, tools: ["look"] };
  expect(isNew([agent], [reading])).toBe(true);
  expect(isNew([reading], [{ ...reading, model: "strong" }])).toBe(false);
});

test("another tool, other arguments, other words for an agent, another list or condition are new", () => {
  expect(isNew([pay(99_999)], [pay(1)])).toBe(true);
  expect(isNew([pay(1, { tool: "refund" })], [pay(1)])).toBe(true);
  expect(isNew([{ ...agent, description: "write to Bob" }], [agent])).toBe(true);
  expect(isNew([pay(1, { forEach: "{{1}}" })], [look("x"), pay(1)])).toBe(true);
  expect(isNew([pay(1)], [look("x"), pay(1, { if: "{{1}}" })])).toBe(true);
  expect(
    isNew(
      [{ id: "2", description: "pay Bob", tool: "pay" }],
      [{ id: "2", description: "pay Ann", tool: "pay" }],
    ),
  ).toBe(true);
});

test("an approved call may be made as often as it was approved, and again where it did not come out right", () => {
  expect(isNew([pay(1), pay(1, { id: "9" })], [pay(1)])).toBe(true);
  expect(isNew([pay(1), pay(1, { id: "9" })], [pay(1), pay(1, { id: "8" })])).toBe(false);
  expect(isNew([pay(1, { id: "9" })], [pay(1)], [decided(1)], [ended("2", "done")])).toBe(true);
  expect(isNew([pay(1, { id: "9" })], [pay(1)], [decided(1)], [ended("2", "failed")])).toBe(false);
});

test("what was approved last holds, and not what an earlier plan had beside it", () => {
  const planVersions = [version(1, [pay(1), agent]), version(2, [pay(2)])];
  const decisions = [decided(1), decided(2)];
  const later = (steps: PlanStep[]) =>
    hasNewDeeds(steps, { planVersions, pastSteps: [], decisions }, isReadOnly);
  expect(later([pay(2)])).toBe(false);
  expect(later([agent])).toBe(true);
});

test("a step that only reads is not new", () => {
  expect(isNew([look("y"), pay(1)], [pay(1)])).toBe(false);
});

test("a call is new where what it refers to is another step than it was", () => {
  const byReference = pay("{{1.amount}}");
  expect(isNew([look("x"), byReference], [look("x"), byReference])).toBe(false);
  expect(isNew([look("y"), byReference], [look("x"), byReference])).toBe(true);
  const far = { id: "4", description: "join", tool: "look", args: { what: "{{1}}" } };
  const viaFar = pay("{{4}}");
  expect(isNew([look("y"), far, viaFar], [look("x"), far, viaFar])).toBe(true);
});

test("a long plan in which each step refers to two others is told in a moment", () => {
  const steps = Array.from({ length: 200 }, (_, index): PlanStep => {
    const before: Record<string, string> =
      index < 2 ? {} : { a: `{{s${index - 1}}}`, b: `{{s${index - 2}}}` };
    return { id: `s${index}`, description: "pay", tool: "pay", args: before };
  });
  expect(isNew(steps, steps)).toBe(false);
});
