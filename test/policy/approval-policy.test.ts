import { expect, test } from "vitest";
import type { PlanStep } from "../../src/plan/index.js";
import { allDecisions, judgeAction, planNeedsApproval } from "../../src/policy/index.js";

const requester = { userId: "ann" };
const fail = (): never => {
  throw new Error("no");
};
const ask = { verdict: "ask", allowedDecisions: ["approve", "edit", "reject"] };

test("a person may approve, edit and reject", () => {
  expect(allDecisions).toEqual(["approve", "edit", "reject"]);
});

test("a tool without a rule runs, also one that is named like a property of every object", () => {
  for (const tool of ["other", "toString", "constructor", "__proto__"]) {
    expect(judgeAction({ charge: true }, tool, {}, requester)).toEqual({ verdict: "run" });
  }
});

test("a rule of false lets a tool run, a rule of true asks for all decisions", () => {
  expect(judgeAction({ charge: false }, "charge", {}, requester)).toEqual({ verdict: "run" });
  expect(judgeAction({ charge: true }, "charge", {}, requester)).toEqual(ask);
});

test("an empty rule asks for all decisions", () => {
  expect(judgeAction({ charge: {} }, "charge", {}, requester)).toEqual({ ...ask, description: undefined });
});

test("a rule may allow some decisions only", () => {
  const verdict = judgeAction({ charge: { allowedDecisions: ["approve"] } }, "charge", {}, requester);
  expect(verdict).toMatchObject({ verdict: "ask", allowedDecisions: ["approve"] });
});

test("a predicate sees the arguments and decides", () => {
  const rule = { when: ({ amount }: Record<string, unknown>) => Number(amount) > 10 };
  expect(judgeAction({ charge: rule }, "charge", { amount: 5 }, requester)).toEqual({ verdict: "run" });
  expect(judgeAction({ charge: rule }, "charge", { amount: 50 }, requester)).toMatchObject(ask);
});

test("a call waits where its predicate throws", () => {
  expect(judgeAction({ charge: { when: fail } }, "charge", {}, requester)).toMatchObject(ask);
});

test("a description is a text, or made from the arguments; where that throws there is none", () => {
  const described = (description: string | ((args: Record<string, unknown>) => string)) =>
    judgeAction({ charge: { description } }, "charge", { who: "Ann" }, requester);
  expect(described("money")).toEqual({ ...ask, description: "money" });
  expect(described(({ who }) => `for ${who}`)).toEqual({ ...ask, description: "for Ann" });
  expect(described(fail)).toEqual({ ...ask, description: undefined });
});

const charge: PlanStep = { id: "1", description: "charge Ann", tool: "charge" };
const agent: PlanStep = { id: "2", description: "write to Ann" };

test("a plan never waits without approval, and always waits where each is asked for", () => {
  expect(planNeedsApproval(false, [charge], undefined, requester)).toBe(false);
  expect(planNeedsApproval("always", [charge], [charge], requester)).toBe(true);
});

test("a function decides by the steps that would be done; where it throws, the plan waits", () => {
  const policy = (steps: readonly PlanStep[]) => steps.length > 1;
  expect(planNeedsApproval(policy, [charge], undefined, requester)).toBe(false);
  expect(planNeedsApproval(policy, [charge, agent], [charge, agent], requester)).toBe(true);
  expect(planNeedsApproval(fail, [charge], undefined, requester)).toBe(true);
});

test("the first plan waits, a changed one only for a tool or an agent's task that is new in it", () => {
  const again = { ...charge, id: "9", description: "charge Bob", args: { who: "Bob" } };
  expect(planNeedsApproval(true, [charge], undefined, requester)).toBe(true);
  expect(planNeedsApproval(true, [], undefined, requester)).toBe(true);
  expect(planNeedsApproval(true, [again, agent], [charge, agent], requester)).toBe(false);
  expect(planNeedsApproval(true, [{ ...again, tool: "refund" }], [charge], requester)).toBe(true);
  expect(planNeedsApproval(true, [{ ...agent, description: "write to Bob" }], [agent], requester)).toBe(true);
  expect(planNeedsApproval(true, [{ id: "3", description: "charge" }], [charge], requester)).toBe(true);
  expect(planNeedsApproval(true, [{ ...charge, tool: "write to Ann" }], [agent], requester)).toBe(true);
});

test("one new tool among known ones is enough for a plan to wait", () => {
  expect(planNeedsApproval(true, [charge, { ...charge, id: "3", tool: "refund" }], [charge], requester)).toBe(
    true,
  );
});
