// What a person may do wrong in their first hour, and what they are told.
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, test, vi } from "vitest";
import {
  ApprovalError,
  createBuiltinTools,
  createPlanExecuteAgent,
  createSearchTool,
  InputError,
  ToolRegistryError,
} from "../../src/index.js";
import { journalTool, plannedAgent } from "../support/agent-run.js";
import { createJournal } from "../support/deferred.js";

const thread = { configurable: { thread_id: "1" } };
const steps = [{ id: "a", tool: "charge", args: { who: "Ann" } }];
const setUp = (options = {}) => plannedAgent(steps, { tools: [journalTool(createJournal())], ...options });

/** A run that begins with whatever it is given. */
const invoke = (agent: object, input: unknown, config: object = thread): Promise<unknown> =>
  Reflect.apply(Reflect.get(agent, "invoke"), agent, [input, config]);

describe("an input", () => {
  it.each([
    ["a text", "go"],
    ["a text in place of messages", { messages: "go" }],
    ["one message in place of messages", { messages: { role: "user", content: "go" } }],
  ])("may be %s", async (_what, input) => {
    const { agent, eventsOf } = setUp();
    expect(await invoke(agent, input)).toMatchObject({ status: "done" });
    expect(eventsOf("agent.started")[0]?.goal).toBe("go");
  });

  it.each([
    ["a number", 5, "INPUT_INVALID", "The input is a number"],
    ["a list", [{ role: "user", content: "go" }], "INPUT_INVALID", "The input is a list"],
    ["a goal that is no text", { input: 5 }, "INPUT_INVALID", "`input` is no text"],
    ["nothing", {}, "GOAL_MISSING", 'Pass { input: "…" }'],
    ["a misspelt goal", { goal: "go" }, "GOAL_MISSING", 'Pass { input: "…" }'],
    ["no messages", { messages: [] }, "GOAL_MISSING", 'Pass { input: "…" }'],
    ["null for a thread that has not begun", null, "NOTHING_TO_CONTINUE", 'thread "1" has not begun'],
    ["no input for it", undefined, "NOTHING_TO_CONTINUE", 'thread "1" has not begun'],
  ])("that is %s is refused in words, and no model is called", async (_what, input, code, words) => {
    const { agent, model } = setUp({ checkpointer: new MemorySaver() });
    const run = invoke(agent, input);
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toMatchObject({ code });
    await expect(run).rejects.toThrow(words);
    expect(model.calls).toHaveLength(0);
  });

  it("null without a checkpointer has nothing to go on with", async () => {
    const run = invoke(setUp().agent, null);
    await expect(run).rejects.toThrow("names no thread that a checkpointer keeps");
  });

  it("left out in a thread that has begun is told, too", async () => {
    const { agent } = setUp({ checkpointer: new MemorySaver() });
    await agent.invoke("go", thread);
    await expect(invoke(agent, {})).rejects.toMatchObject({ code: "GOAL_MISSING" });
  });
});

test("a call that waits for a person, in an agent without a checkpointer, says what to write", async () => {
  const { agent } = setUp({ approval: { tools: { charge: true } } });
  const run = invoke(agent, { input: "go" });
  await expect(run).rejects.toThrow(ApprovalError);
  await expect(run).rejects.toThrow("await createCheckpointer(url)");
});

test("the built-in tools say that they need a folder", () => {
  for (const given of [[], [{}]]) {
    expect(() => Reflect.apply(createBuiltinTools, undefined, given)).toThrow(
      'createBuiltinTools({ root: "./files" })',
    );
  }
});

test("a search tool that nobody waited for is named as what it is", async () => {
  const search = createSearchTool("tavily", {}, { load: async () => ({}) });
  search.catch(() => {});
  const build = () => Reflect.apply(createPlanExecuteAgent, undefined, [{ tools: [search] }]);
  expect(build).toThrow(ToolRegistryError);
  expect(build).toThrow("tools[0] is a promise of a tool. Wait for it");
});

describe("a model that cannot be called yet is refused when the agent is built", () => {
  it("where its key is not set", () => {
    vi.stubEnv("OPENAI_API_KEY", "");
    expect(() => createPlanExecuteAgent({ model: "openai:gpt-5" })).toThrow(
      'model is "openai:gpt-5", which cannot be called yet: set OPENAI_API_KEY.',
    );
    vi.stubEnv("OPENAI_API_KEY", "a key");
    expect(() => createPlanExecuteAgent({ model: "openai:gpt-5" })).not.toThrow();
    vi.unstubAllEnvs();
  });

  it("where its provider's package is not installed", () => {
    const build = () =>
      createPlanExecuteAgent({ model: "offline", executor: { fallbacks: ["ollama:llama3"] } });
    expect(build).toThrow("executor.fallbacks.0");
    expect(build).toThrow("run npm install @langchain/ollama");
  });

  it("unless nobody can know it", () => {
    expect(() => createPlanExecuteAgent({ model: "somebody:model" })).not.toThrow();
  });
});
