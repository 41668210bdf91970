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
  expect("model" in merged).toBe(false);
});
