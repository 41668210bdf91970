import { expect, test } from "vitest";
import type { PlanStep } from "../../src/plan/index.js";
import {
  ALL_DECISIONS,
  type ApprovalTools,
  judgeAction,
  NO_STANDING_RULES,
  type PlanApproval,
  planNeedsApproval,
  type StandingRules,
} from "../../src/policy/index.js";

const requester = { userId: "ann" };
const fail = (): never => {
  throw new Error("no");
};
const failLater = () => Promise.reject(new Error("no"));
const ask = { verdict: "ask", allowedDecisions: ["approve", "edit", "reject"] };
const run = { verdict: "run" };

const judge = (tools: ApprovalTools, tool = "charge", args = {}, standing: Partial<StandingRules> = {}) =>
  judgeAction({ tools, standing: { ...NO_STANDING_RULES, ...standing } }, { tool, args }, requester);

test("a person may approve, edit and reject", () => {
  expect(ALL_DECISIONS).toEqual(["approve", "edit", "reject"]);
});

test("a tool without a rule runs, also one that is named like a property of every object", async () => {
  for (const tool of ["other", "toString", "constructor", "__proto__"]) {
    expect(await judge({ charge: true }, tool)).toEqual(run);
  }
});

test("a rule of false lets a tool run, a rule of true and an empty one ask for all decisions", async () => {
  expect(await judge({ charge: false })).toEqual(run);
  expect(await judge({ charge: true })).toEqual(ask);
  expect(await judge({ charge: {} })).toEqual(ask);
});

test("a rule may allow some decisions only", async () => {
  const verdict = await judge({ charge: { allowedDecisions: ["approve"] } });
  expect(verdict).toMatchObject({ verdict: "ask", allowedDecisions: ["approve"] });
});

test("a predicate sees the arguments and decides, now or later", async () => {
  const isLarge = ({ amount }: Record<string, unknown>) => Number(amount) > 10;
  for (const when of [isLarge, async (args: Record<string, unknown>) => isLarge(args)]) {
    expect(await judge({ charge: { when } }, "charge", { amount: 5 })).toEqual(run);
    expect(await judge({ charge: { when } }, "charge", { amount: 50 })).toEqual(ask);
  }
});

test("a call waits where its predicate throws, rejects, or says neither yes nor no", async () => {
  const silent = () => JSON.parse("null");
  for (const when of [fail, failLater, silent]) {
    expect(await judge({ charge: { when } })).toEqual(ask);
  }
});

test("a description is a text, or made from the arguments; where that fails there is none", async () => {
  type Description = Extract<ApprovalTools[string], object>["description"];
  const described = (description: Description) =>
    judge({ charge: { description } }, "charge", { who: "Ann" });
  const forWhom = ({ who }: Record<string, unknown>) => `for ${who}`;
  expect(await described("money")).toEqual({ ...ask, description: "money" });
  expect(await described(forWhom)).toEqual({ ...ask, description: "for Ann" });
  expect(await described(async (args: Record<string, unknown>) => forWhom(args))).toEqual({
    ...ask,
    description: "for Ann",
  });
  for (const broken of [fail, failLater, () => JSON.parse("7")]) {
    expect(await described(broken)).toEqual(ask);
  }
});

test("what its turn held back waits although no rule of today's says so", async () => {
  expect(await judge({}, "charge", { who: "Ann" }, { tools: ["charge"] })).toEqual(ask);
  const small = { when: () => false, description: "money" };
  expect(await judge({ charge: small }, "charge", {}, { tools: ["charge"] })).toEqual({
    ...ask,
    description: "money",
  });
  expect(await judge({ charge: false }, "charge", {}, { tools: ["charge"] })).toEqual(ask);
});

const charge: PlanStep = { id: "1", description: "charge Ann", tool: "charge" };
const agent: PlanStep = { id: "2", description: "write to Ann" };

const needs = (
  plan: PlanApproval,
  steps: readonly PlanStep[],
  hasNew = true,
  standing: Partial<StandingRules> = {},
) =>
  planNeedsApproval(
    { plan, standing: { ...NO_STANDING_RULES, ...standing } },
    steps,
    () => hasNew,
    requester,
  );

test("a plan never waits without approval, and always waits where each is asked for", async () => {
  expect(await needs(false, [charge])).toBe(false);
  expect(await needs("always", [charge], false)).toBe(true);
});

test("a plan waits once, and later for what is new in it", async () => {
  expect(await needs(true, [charge], true)).toBe(true);
  expect(await needs(true, [charge], false)).toBe(false);
});

test("a function decides by the steps that would be done, now or later; where it fails, the plan waits", async () => {
  const isLong = (steps: readonly PlanStep[]) => steps.length > 1;
  for (const policy of [isLong, async (steps: readonly PlanStep[]) => isLong(steps)]) {
    expect(await needs(policy, [charge])).toBe(false);
    expect(await needs(policy, [charge, agent])).toBe(true);
  }
  for (const policy of [fail, failLater, () => JSON.parse("null")]) {
    expect(await needs(policy, [charge])).toBe(true);
  }
});

test("what its turn began with holds for a plan although today's rule says less", async () => {
  expect(await needs(false, [charge], true, { plan: "once" })).toBe(true);
  expect(await needs(false, [charge], false, { plan: "once" })).toBe(false);
  expect(await needs(true, [charge], false, { plan: "always" })).toBe(true);
  expect(await needs(false, [charge], true, { plan: "asked" })).toBe(true);
  expect(await needs(() => false, [charge], true, { plan: "asked" })).toBe(false);
});
