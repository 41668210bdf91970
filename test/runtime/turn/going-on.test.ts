import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { Annotation, isInterrupted, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { afterEach, expect, test, vi } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptedAnswer } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const down = new Error("the provider is down");
const step = { id: "1", tool: "echo", args: { value: "kept" } };

afterEach(() => {
  vi.useRealTimers();
});

/** Answers in turn. */
function inTurn(...answers: ScriptedAnswer[]) {
  return () => answers.shift() ?? new TypeError("The script is over.");
}

test("a planner that failed is asked again by a null input, in the same turn", async () => {
  const { agent, model, eventsOf } = plannedAgent(
    [],
    { checkpointer: new MemorySaver(), tools: [echo] },
    { planner: inTurn(down, planCall([step], "1")) },
  );
  const failed = await agent.invoke({ input: "go" }, thread);
  expect(failed).toMatchObject({ status: "failed", outcome: { reason: expect.stringContaining("is down") } });
  // It has ended for its caller, and waits for nobody.
  expect(isInterrupted(failed)).toBe(false);
  expect((await agent.getState(thread)).next).toEqual([]);
  // The cause is for programs; the person reads what to do.
  expect(failed.response).toBe(
    "The model that makes the plan could not be reached or gave an error, so this is not finished.\n\n" +
      "Write “try again” to go on from here. What is done stays done.",
  );
  const run = await agent.invoke(null, thread);
  expect(run).toMatchObject({ status: "done", response: "kept", usage: { calls: 2, failedCalls: 1 } });
  expect(run.messages.map(({ text }: { text: string }) => text.split("\n")[0])).toEqual([
    "go",
    "**Plan**",
    "kept",
  ]);
  expect(model.count()).toBe(2);
  expect(eventsOf("agent.resumed")).toMatchObject([{ node: "planner", steps: [] }]);
  expect(new Set(eventsOf("step.ended").map(({ turnId }) => turnId))).toEqual(
    new Set(eventsOf("agent.started").map(({ turnId }) => turnId)),
  );
  expect((await agent.getState(thread)).next).toEqual([]);
});

test("a replanner that failed is asked again, what was done stays done, and it may fail more than once", async () => {
  const { agent, eventsOf } = plannedAgent(
    [step],
    { checkpointer: new MemorySaver(), tools: [echo] },
    { replanner: inTurn(down, down, "the answer") },
  );
  for (const calls of [2, 3]) {
    const failed = await agent.invoke(calls === 2 ? { input: "go" } : null, thread);
    expect(failed).toMatchObject({ status: "failed", pastSteps: [{ output: "kept" }], usage: { calls } });
    expect(failed.response).toContain("kept");
  }
  const run = await agent.invoke(null, thread);
  expect(run).toMatchObject({ status: "done", response: "the answer", outcome: { failed: [], left: [] } });
  expect(eventsOf("step.started")).toHaveLength(1);
});

test("steps that failed for want of a model are done again, and so are those behind them", async () => {
  const { agent, model, eventsOf } = plannedAgent(
    [
      { ...step, dependsOn: [] },
      { id: "2", description: "think", dependsOn: [] },
      { id: "3", tool: "echo", args: { value: "{{2}}!" } },
    ],
    { checkpointer: new MemorySaver(), tools: [echo] },
    { agent: inTurn(down, "thought"), replanner: inTurn(down, "the answer") },
  );
  const failed = await agent.invoke({ input: "go" }, thread);
  expect(failed.status).toBe("failed");
  expect(failed.outcome?.failed.map(({ id }) => id)).toEqual(["2"]);
  const run = await agent.invoke(null, thread);
  expect(run.pastSteps.map(({ id, output }) => [id, output])).toEqual([
    ["1", "kept"],
    ["2", "thought"],
    ["3", "thought!"],
  ]);
  expect(run).toMatchObject({ status: "done", response: "the answer" });
  expect(eventsOf("agent.resumed")).toMatchObject([{ node: "replanner", steps: ["2"] }]);
  expect(eventsOf("step.started").filter(({ stepId }) => stepId === "1")).toHaveLength(1);
  expect([model.count("replanner"), model.count("answer")]).toEqual([1, 1]);
});

test.each([
  ["as a goal", (text: string) => ({ input: text })],
  ["as a message", (text: string) => ({ messages: [new HumanMessage({ id: text, content: text })] })],
])("a person takes the turn up again in the chat, in words %s", async (_, toInput) => {
  const { agent, model, eventsOf } = plannedAgent(
    [step],
    { checkpointer: new MemorySaver(), tools: [echo] },
    { planner: inTurn(down, planCall([step])), replanner: inTurn(down, "the answer") },
  );
  await agent.invoke({ input: "go" }, thread);
  const failed = await agent.invoke(toInput("Try again, please!"), thread);
  expect(failed.response).toContain("The model that answers could not be reached");
  expect(failed.response).toContain("Done:\n- echo kept: kept");
  const run = await agent.invoke(toInput("again"), thread);
  expect(run).toMatchObject({ status: "done", response: "the answer" });
  expect(run.messages.map(({ text }: { text: string }) => text.split("\n")[0])).toEqual([
    "go",
    expect.stringContaining("The model that makes the plan"),
    "Try again, please!",
    "**Plan**",
    expect.stringContaining("The model that answers"),
    "again",
    "the answer",
  ]);
  expect(eventsOf("agent.started")).toHaveLength(1);
  expect([model.count("planner"), eventsOf("step.started").length]).toEqual([2, 1]);
});

test("the same words are a goal like any other where nothing has failed", async () => {
  const { agent, eventsOf } = plannedAgent(
    [],
    { checkpointer: new MemorySaver() },
    { planner: inTurn("Hello.", "Again what?") },
  );
  await agent.invoke({ input: "go" }, thread);
  const run = await agent.invoke({ input: "try again" }, thread);
  expect(run.response).toBe("Again what?");
  expect(eventsOf("agent.started")).toHaveLength(2);
});

test("a new input begins a new turn instead", async () => {
  const { agent } = plannedAgent(
    [],
    { checkpointer: new MemorySaver() },
    { planner: inTurn(down, "Hello.") },
  );
  await agent.invoke({ input: "go" }, thread);
  const run = await agent.invoke({ input: "hi" }, thread);
  expect(run).toMatchObject({ status: "done", response: "Hello.", usage: { calls: 1 } });
  expect(run.messages.at(-2)?.text).toBe("hi");
});

test("a refusal is an end: a null input changes nothing", async () => {
  const refusal = new AIMessage({ content: "", additional_kwargs: { refusal: "No." } });
  const { agent, model } = plannedAgent([], { checkpointer: new MemorySaver() }, { planner: () => refusal });
  const refused = await agent.invoke({ input: "go" }, thread);
  expect(refused.status).toBe("refused");
  expect(await agent.invoke(null, thread)).toMatchObject({ status: "refused" });
  expect(model.count()).toBe(1);
});

test("as a part of another graph the run ends with its status, and the other graph goes on", async () => {
  const { agent } = plannedAgent([], {}, { planner: () => down });
  const outer = new StateGraph(Annotation.Root({ input: Annotation<string>, status: Annotation<string> }))
    .addNode("inner", agent)
    .addEdge(START, "inner")
    .compile({ checkpointer: new MemorySaver() });
  const run = await outer.invoke({ input: "go" }, thread);
  expect(run).toMatchObject({ status: "failed" });
  expect(run).not.toHaveProperty("__interrupt__");
});

test("how long a run stood still does not count as the turn's time", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { agent } = plannedAgent(
    [],
    { checkpointer: new MemorySaver(), limits: { maxDurationMs: 10_000 } },
    { planner: inTurn(down, "Hello.") },
  );
  await agent.invoke({ input: "go" }, thread);
  vi.advanceTimersByTime(60_000);
  expect(await agent.invoke(null, thread)).toMatchObject({ status: "done", response: "Hello." });
});

test("without a checkpointer the run just ends", async () => {
  const { agent } = plannedAgent([], {}, { planner: () => down });
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("failed");
  expect(run).not.toHaveProperty("__interrupt__");
});
