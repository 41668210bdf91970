import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { openAiAgent, servedPlan } from "./openai-agent.js";

test("a plan comes as a tool call, its step runs, and the answer comes as text", async () => {
  const { agent, server } = await openAiAgent([servedPlan, { text: "It is out." }]);
  const { response, status, pastSteps, usage } = await agent.invoke({ input: "go" });
  expect({ response, status }).toEqual({ response: "It is out.", status: "done" });
  expect(pastSteps).toMatchObject([{ id: "1", status: "done", output: "out" }]);
  expect(usage).toMatchObject({ calls: 2, failedCalls: 0, inputTokens: 20, outputTokens: 10 });
  expect(server.requests.map(({ tools }) => tools?.map((tool) => tool.function.name))).toEqual([
    ["plan"],
    undefined,
  ]);
});

test("the answer streams under the id of the final message, and usage is counted once all the same", async () => {
  const { agent, server } = await openAiAgent([servedPlan, { text: "It is really out." }], {
    checkpointer: new MemorySaver(),
  });
  const thread = { configurable: { thread_id: "1" } };
  const pieces = new Map<string, string[]>();
  for await (const [message] of await agent.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
    const id = message.id ?? "none";
    pieces.set(id, [...(pieces.get(id) ?? []), message.text]);
  }
  const { values } = await agent.getState(thread);
  const last = values.messages.at(-1);
  expect(last?.text).toBe("It is really out.");
  expect(pieces.get(last?.id ?? "")?.filter(Boolean)).toEqual(["It ", "is ", "really ", "out."]);
  expect(server.requests.every(({ stream }) => stream === true)).toBe(true);
  expect(values.usage).toMatchObject({
    calls: 2,
    inputTokens: 20,
    outputTokens: 10,
  });
});

test("arguments that are no JSON are repaired, and every call that is sent has its answer", async () => {
  const broken = { calls: [{ name: "plan", args: '{"steps": [{"tool": "echo", ' }] };
  const { agent, server, events } = await openAiAgent([broken, servedPlan, { text: "Done." }]);
  const { status } = await agent.invoke({ input: "go" });
  expect(status).toBe("done");
  expect(events.filter(({ type }) => type === "plan.invalid")).toHaveLength(1);
  const sent = server.requests[1]?.messages ?? [];
  const calls = sent.flatMap((message) => message.tool_calls?.map(({ id }) => id) ?? []);
  const answers = sent.flatMap(({ tool_call_id: id }) => (id === undefined ? [] : [id]));
  expect(calls).toHaveLength(1);
  expect(answers).toEqual(calls);
  expect(JSON.stringify(sent)).toContain("are no JSON");
});

test.each([
  ["reasons", "openai:o4-mini", "low"],
  ["does not reason", "openai:gpt-4.1-mini", undefined],
])("reasoning effort reaches a model that %s as it may", async (_, model, effort) => {
  const { agent, server } = await openAiAgent([{ text: "Hi." }], {
    planner: { model, reasoningEffort: "low" },
  });
  expect((await agent.invoke({ input: "hi" })).response).toBe("Hi.");
  expect(server.requests[0]?.reasoning_effort).toBe(effort);
});

test("each role may have a model of its own, and prices make dollars of its tokens", async () => {
  const { agent, server } = await openAiAgent([servedPlan, { text: "Out." }], {
    planner: { model: "openai:gpt-4.1" },
    answer: { model: "openai:gpt-4.1-nano" },
    prices: {
      "gpt-4.1": { inputPerMillion: 1_000_000, outputPerMillion: 0 },
      "openai:gpt-4.1-nano": { inputPerMillion: 0, outputPerMillion: 1_000_000 },
    },
  });
  const { usage } = await agent.invoke({ input: "go" });
  expect(server.requests.map(({ model }) => model)).toEqual(["gpt-4.1", "gpt-4.1-nano"]);
  expect(usage.byRole.planner).toMatchObject({ calls: 1, costUsd: 10 });
  expect(usage.byRole.answer).toMatchObject({ calls: 1, costUsd: 5 });
  expect(usage.byRole.replanner.calls).toBe(0);
  expect(usage.costUsd).toBe(15);
});
