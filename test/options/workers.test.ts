import { MessagesZodState, START, StateGraph } from "@langchain/langgraph";
import { RemoteGraph } from "@langchain/langgraph/remote";
import { createAgent } from "langchain";
import { expect, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../src/agent/index.js";
import { echo } from "../support/agent-run.js";
import { ScriptedModel } from "../support/scripted-model.js";

const model = new ScriptedModel(() => "done");
const uncompiled = new StateGraph(MessagesZodState).addNode("one", () => ({})).addEdge(START, "one");
const wordless = new StateGraph(z.object({ goal: z.string() }))
  .addNode("one", () => ({}))
  .addEdge(START, "one");

function problemOf(workers: object): string {
  try {
    createPlanExecuteAgent({ workers } as PlanExecuteOptions);
    return "none";
  } catch (error) {
    return String(error);
  }
}

test.each([
  ["an agent of LangChain", createAgent({ model, tools: [] })],
  ["a compiled graph", uncompiled.compile()],
  ["a remote graph", new RemoteGraph({ graphId: "agent", url: "http://127.0.0.1:1" })],
  ["an agent of ours", createPlanExecuteAgent()],
  ["an agent of ours with a config", createPlanExecuteAgent().withConfig({ tags: ["inner"] })],
])("%s can be a worker", (_what, agent) => {
  expect(problemOf({ helper: { description: "helps", agent } })).toBe("none");
});

test.each([
  ["a graph that is not compiled", uncompiled, "workers.helper.agent: is a graph that is not compiled"],
  ["a promise", Promise.resolve(uncompiled.compile()), "workers.helper.agent: is a promise"],
  [
    "a graph without messages",
    wordless.compile(),
    'keeps no messages, in which a worker is told its task and answers; its state has "goal"',
  ],
  ["a model", model, "workers.helper.agent: has no stream() and getState()"],
  ["a name", "helper", "workers.helper.agent: must be a compiled graph with messages"],
])("%s cannot, and the error says why", (_what, agent, problem) => {
  expect(problemOf({ helper: { description: "helps", agent } })).toContain(problem);
});

test("its name is one that plans can write, and no tool's", () => {
  const agent = createAgent({ model, tools: [] });
  expect(problemOf({ "my helper": { description: "helps", agent } })).toContain("1 to 64 letters");
  expect(problemOf({ helper: { description: "", agent } })).toContain("workers.helper.description");
  const workers = { echo: { description: "helps", agent } };
  expect(() => createPlanExecuteAgent({ tools: [echo], workers })).toThrow(
    'A tool and a worker are both named "echo"',
  );
});
