import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createPlanExecuteGraph } from "../../src/agent/index.js";

const drawn = await createPlanExecuteGraph().compile().getGraphAsync();

describe("the picture that LangGraph draws", () => {
  test("has an edge for each way that a run can go, and no other", () => {
    const edges = drawn.edges.map(({ source, target, data }) => [source, data, target].filter(Boolean));
    expect(edges).toEqual([
      ["__start__", "planner"],
      ["planner", "answered, refused or failed", "__end__"],
      ["planner", "the failed turn goes on", "retry"],
      ["planner", "the plan waits for a person", "approval"],
      ["planner", "the plan is accepted", "executor"],
      ["executor", "all is undone, or cannot be stored", "__end__"],
      ["executor", "more can run", "executor"],
      ["executor", "actions wait for a person", "approval"],
      ["executor", "all done, in trouble or at a limit", "replanner"],
      ["replanner", "answered, given up or failed", "__end__"],
      ["replanner", "a person is asked", "approval"],
      ["replanner", "steps are left, or to be undone", "executor"],
      ["approval", "given up or cannot be stored", "__end__"],
      ["approval", "asks again", "approval"],
      ["approval", "the first plan was rejected", "planner"],
      ["approval", "a later plan was rejected, or a hint came", "replanner"],
      ["approval", "approved, edited or decided", "executor"],
      ["retry", "the planner had failed", "planner"],
      ["retry", "steps are open again", "executor"],
      ["retry", "the replanner had failed", "replanner"],
    ]);
  });

  test("is that of docs/plans.md", () => {
    const page = readFileSync(new URL("../../docs/plans.md", import.meta.url), "utf8");
    const [, block] = /```mermaid\n(.*?)```/s.exec(page) ?? [];
    expect(block).toBe(drawn.drawMermaid());
  });
});
