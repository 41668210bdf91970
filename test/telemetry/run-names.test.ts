import { tool } from "@langchain/core/tools";
import { BaseTracer, type Run } from "@langchain/core/tracers/base";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../support/agent-run.js";

/** Keeps the tree of runs that LangSmith would be sent. */
class TreeTracer extends BaseTracer {
  readonly name = "tree";
  readonly roots: Run[] = [];

  protected async persistRun(run: Run): Promise<void> {
    this.roots.push(run);
  }
}

const look = tool(() => "seen", { name: "look", description: "looks", schema: z.object({}) });

function namesIn(run: Run): unknown[] {
  return [run.name, ...run.child_runs.flatMap(namesIn)];
}

test("the tree of runs reads like the plan: planner, steps, their calls, and whose step each is", async () => {
  const tracer = new TreeTracer();
  const { agent } = plannedAgent(
    [
      { id: "a", tool: "look", args: {} },
      { id: "b", description: "work on {{a}}" },
    ],
    { tools: [look], planner: { actEarly: false } },
    { agent: "done" },
  );
  await agent.invoke({ input: "go" }, { callbacks: [tracer] });
  const [root] = tracer.roots;
  expect(root?.name).toBe("plan-execute");
  const names = root === undefined ? [] : namesIn(root);
  for (const name of ["planner", "executor", "step:a", "look", "step:b", "step b", "answer"]) {
    expect(names).toContain(name);
  }
  const all = (run: Run): Run[] => [run, ...run.child_runs.flatMap(all)];
  const looked = (root === undefined ? [] : all(root)).find(({ name }) => name === "look");
  expect(looked?.extra?.metadata).toMatchObject({ plan_execute_step: "a" });
});
