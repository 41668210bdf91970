import { tool } from "@langchain/core/tools";
import { expect, it } from "vitest";
import { z } from "zod";
import { mergeOptions } from "../../graphs/shared/merge-options.js";
import { stamp } from "../support/stamp.js";

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

it("joins what both say of checks, events, saved plans and a context's fields", () => {
  const heard: string[] = [];
  const merged = mergeOptions(
    {
      executor: { checkOutput: { order: "not-empty", other: "not-empty" } },
      plans: [{ name: "own", description: "", steps: [] }],
      contextFields: z.object({ own: z.string() }),
      onEvent: () => heard.push("own"),
    },
    {
      executor: { checkOutput: { order: ["no-error-text"] } },
      plans: [{ name: "given", description: "", steps: [] }],
      contextFields: z.object({ given: z.string() }),
      onEvent: () => heard.push("given"),
    },
  );
  expect(merged.executor?.checkOutput).toEqual({
    order: ["not-empty", "no-error-text"],
    other: "not-empty",
  });
  expect(merged.plans?.map(({ name }) => name)).toEqual(["own", "given"]);
  expect(Object.keys(merged.contextFields?.shape ?? {})).toEqual(["own", "given"]);
  merged.onEvent?.({ type: "replanning", reason: "", causes: [], steps: [], ...stamp });
  expect(heard).toEqual(["own", "given"]);
});
