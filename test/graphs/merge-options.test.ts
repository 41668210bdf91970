import { tool } from "@langchain/core/tools";
import { expect, it } from "vitest";
import { z } from "zod";
import { mergeOptions } from "../../graphs/shared/merge-options.js";

const named = (name: string) => tool(() => "", { name, description: "", schema: z.object({}) });

it("loses neither the graph's own options nor the caller's", () => {
  const order = named("order");
  const mine = named("mine");
  const merged = mergeOptions(
    {
      tools: [order],
      planner: { instructions: "first", maxSteps: 30 },
      approval: { tools: { order: true }, escalate: true },
      executor: { checkOutput: { order: "not-empty" } },
    },
    {
      model: undefined,
      tools: [mine],
      planner: { instructions: "then", maxSteps: undefined },
      approval: { tools: { mine: true }, escalate: undefined, plan: "always" },
      executor: { concurrency: 2 },
    },
  );
  expect(merged).toMatchObject({
    tools: [order, mine],
    planner: { instructions: "first\n\nthen", maxSteps: 30 },
    approval: { tools: { order: true, mine: true }, escalate: true, plan: "always" },
    executor: { checkOutput: { order: "not-empty" }, concurrency: 2 },
  });
  // What a caller without types may write.
  const blank = { approval: { tools: JSON.parse("{}") } };
  Object.assign(blank.approval.tools, { order: undefined });
  expect(mergeOptions({ approval: { tools: { order: true } } }, blank).approval?.tools).toEqual({
    order: true,
  });
  expect("model" in merged).toBe(false);
});

it("joins what both say of checks, events and the offline model", () => {
  const heard: string[] = [];
  const merged = mergeOptions(
    {
      executor: { checkOutput: { order: "not-empty", other: "not-empty" } },
      offline: { playbook: () => ({ text: "own" }) },
      onEvent: () => heard.push("own"),
    },
    {
      executor: { checkOutput: { order: ["no-error-text"] } },
      offline: { playbook: ({ goal }) => (goal === "mine" ? { text: "given" } : undefined) },
      onEvent: () => heard.push("given"),
    },
  );
  expect(merged.executor?.checkOutput).toEqual({
    order: ["not-empty", "no-error-text"],
    other: "not-empty",
  });
  const ask = (goal: string) =>
    merged.offline?.playbook?.({
      kind: "plan",
      goal,
      conversation: [],
      tools: [],
      pastSteps: [],
      remaining: [],
      why: "",
    });
  expect([ask("mine"), ask("other")]).toEqual([{ text: "given" }, { text: "own" }]);
  const stamp = { threadId: "1", runId: "1", turnId: "1", at: "", sequence: 1 };
  merged.onEvent?.({ type: "replanning", reason: "", steps: [], ...stamp });
  expect(heard).toEqual(["own", "given"]);
});
