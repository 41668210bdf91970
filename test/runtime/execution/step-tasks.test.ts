import { type LangGraphRunnableConfig, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { createStepTasks } from "../../../src/runtime/execution/step-tasks.js";
import { toWindow } from "../../../src/runtime/execution/window.js";

const steps = ["a", "b", "c", "d"].map((id) => ({ id, description: id, tool: "echo", args: {} }));
const window = toWindow(steps, new Map(), () => false, "secret");
const { signal } = new AbortController();
const thread = { configurable: { thread_id: "1" } };

type Bodies = Parameters<typeof createStepTasks>[0]["bodyOf"];

/** The config as it were if LangGraph counted its calls in another way. */
function withoutPlaces(config: LangGraphRunnableConfig): LangGraphRunnableConfig {
  return { ...config, configurable: { ...config.configurable, __pregel_scratchpad: undefined } };
}

test.each([
  ["by its place", (config: LangGraphRunnableConfig) => config],
  ["by the order of the calls, where places are not known", withoutPlaces],
])("what is stored of a step comes back %s, also of one that is not started again", async (_, configOf) => {
  const ran: string[] = [];
  const ended: string[][] = [];
  let tries = 0;
  const graph = new StateGraph(z.object({ input: z.string() }))
    .addNode("node", async (_state, config: LangGraphRunnableConfig) => {
      tries += 1;
      const attempt = tries;
      const bodyOf: Bodies =
        ({ id: stepId, stepHash }, begun) =>
        async () => {
          if ((await begun) === undefined) {
            return { stepId, stepHash, kind: "not-run" };
          }
          ran.push(stepId);
          const result = { id: stepId, description: stepId, attempts: attempt, endedAt: "" };
          return { stepId, stepHash, kind: "ended", result: { ...result, status: "done" } };
        };
      const onOutcome = async () => {};
      const tasks = createStepTasks({ window, config: configOf(config), bodyOf, onOutcome });
      for (const index of attempt === 1 ? [2, 0] : [0]) {
        const step = window[index];
        if (step !== undefined) {
          await tasks.start(step, signal, { rank: 1, index });
        }
      }
      tasks.close();
      if (attempt === 1) {
        throw new Error("cut off");
      }
      const outcomes = await tasks.outcomes();
      ended.push(outcomes.flatMap((outcome) => (outcome.kind === "ended" ? [outcome.stepId] : [])));
      return {};
    })
    .addEdge(START, "node")
    .compile({ checkpointer: new MemorySaver() });
  await expect(graph.invoke({ input: "go" }, thread)).rejects.toThrow("cut off");
  await graph.invoke(null, thread);
  expect(ran).toEqual(["c", "a"]);
  expect(ended).toEqual([["a", "c"]]);
});
