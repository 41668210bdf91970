// The same work as in `own-runs.ts`, by a bare LangGraph graph. What it leaves behind is LangGraph's and LangChain's
// own.
import type { BaseMessage } from "@langchain/core/messages";
import { HumanMessage } from "@langchain/core/messages";
import { END, type LangGraphRunnableConfig, START, StateGraph, task } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { z } from "zod";
import { toPlanTool } from "../../src/prompts/index.js";
import { ScriptedModel } from "../../test/support/scripted-model.js";
import type { Canceller } from "./moments.js";
import { createScript, createWork, ITEMS, type Runs } from "./own-runs.js";

const state = z.object({ input: z.string(), response: z.string().default("") });

/** Makes runs of a graph that does by hand what our agent does. */
export function createBareRuns(canceller: Canceller): Runs {
  const model = new ScriptedModel(createScript(canceller));
  const work = createWork(canceller);
  const planner = model.bindTools([toPlanTool()]);
  const ask = (asked: ScriptedModel, { input }: { input: string }, config: LangGraphRunnableConfig) =>
    asked.invoke([new HumanMessage(input)], config);
  const graph = new StateGraph(state)
    .addNode("planner", async (given, config: LangGraphRunnableConfig) => {
      await canceller.reach(given.input, "planner-retry-wait", config.signal);
      await ask(planner, given, config);
      return {};
    })
    .addNode("executor", async (given, config: LangGraphRunnableConfig) => {
      await canceller.reach(given.input, "tool-retry-wait", config.signal);
      const names = ["list", ...Array.from({ length: ITEMS }, (_, index) => `item ${index}`), "last"];
      const calls = names.map((name) =>
        task({ name }, async () => String(await work.invoke({ name }, config)))().then((text) => text),
      );
      const agent = createAgent({ model, tools: [work] });
      const messages: BaseMessage[] = [new HumanMessage(given.input)];
      await Promise.all([...calls, agent.invoke({ messages }, config)]);
      return {};
    })
    .addNode("answer", async (given, config: LangGraphRunnableConfig) => {
      await canceller.reach(given.input, "answer-call", config.signal);
      return { response: (await ask(model, given, config)).text };
    })
    .addEdge(START, "planner")
    .addEdge("planner", "executor")
    .addEdge("executor", "answer")
    .addEdge("answer", END)
    .compile();
  return {
    run: (runId, signal) => graph.invoke({ input: runId }, { configurable: { thread_id: runId }, signal }),
    forget: () => model.forget(),
  };
}
