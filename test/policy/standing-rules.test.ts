import { expect, test } from "vitest";
import { type ApprovalRules, joinStanding, NO_STANDING_RULES, standingFrom } from "../../src/policy/index.js";

const rules = (today: Partial<ApprovalRules>): ApprovalRules => ({
  plan: false,
  tools: {},
  requireRequestId: false,
  standing: NO_STANDING_RULES,
  ...today,
});
const action = (tool: string, args = {}) => ({ kind: "action", tool, args }) as const;

test("what asks nobody first stands: tools of which every call waits, and how plans wait", () => {
  const tools = { a: true, b: false, c: {}, d: { when: () => true } };
  expect(standingFrom(rules({ tools, plan: "always", requireRequestId: true }))).toEqual({
    plan: "always",
    tools: ["a", "c"],
    calls: [],
    requireRequestId: true,
  });
  expect(standingFrom(rules({ plan: true })).plan).toBe("once");
  expect(standingFrom(rules({ plan: () => true })).plan).toBe("never");
});

test("a call that waits by a rule of its own stands by its tool and arguments", () => {
  const today = rules({ tools: { a: true, d: { when: () => true } } });
  const { tools, calls } = standingFrom(today, [action("a"), action("d", { x: 1 }), action("d", { x: 1 })]);
  expect(tools).toEqual(["a"]);
  expect(calls).toHaveLength(1);
});

test("a plan that a function lets wait is remembered", () => {
  expect(standingFrom(rules({ plan: () => true }), [{ kind: "plan" }]).plan).toBe("asked");
  expect(standingFrom(rules({ plan: "always" }), [{ kind: "plan" }]).plan).toBe("always");
});

test("rules are added and never taken away", () => {
  const before = standingFrom(rules({ plan: "always", tools: { a: true }, requireRequestId: true }));
  expect(standingFrom(rules({ standing: before }))).toEqual(before);
  const other = { plan: "once", tools: ["b"], calls: ["x"], requireRequestId: false } as const;
  expect(joinStanding(before, { ...other, tools: ["b"], calls: ["x"] })).toEqual({
    plan: "always",
    tools: ["a", "b"],
    calls: ["x"],
    requireRequestId: true,
  });
});
