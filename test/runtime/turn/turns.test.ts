import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { Command, MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { createDeferred } from "../../support/deferred.js";
import { readSection } from "../../support/read-section.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const say = (id: string, value = id) => ({ id, tool: "echo", args: { value }, dependsOn: [] });

/** An agent that answers every goal at once with “re: <goal>”. */
function repeater() {
  const model = scriptedByRole({
    planner: (messages) => `re: ${readSection("goal", messages.at(-1)?.text ?? "")}`,
  });
  return { model, agent: createPlanExecuteAgent({ model, checkpointer: new MemorySaver() }) };
}

test.each([
  ["no goal", {}, "GOAL_MISSING"],
  ["an empty goal", { input: "" }, "GOAL_MISSING"],
  ["no messages", { messages: [] }, "GOAL_MISSING"],
  ["a conversation that ends with the assistant", { messages: [new AIMessage("hi")] }, "GOAL_MISSING"],
  ["a blank goal", { input: " \n\t" }, "GOAL_EMPTY"],
  ["a blank message", { messages: [new HumanMessage("  ")] }, "GOAL_EMPTY"],
  ["a megabyte", { input: "a".repeat(1_000_000) }, "GOAL_TOO_LONG"],
  ["a megabyte in a message", { messages: [new HumanMessage("a".repeat(1_000_000))] }, "GOAL_TOO_LONG"],
])("%s is an error that says so, and no model is called", async (_, input, code) => {
  const { agent, model } = repeater();
  await expect(agent.invoke(input, thread)).rejects.toMatchObject({ name: "InputError", code });
  expect(model.count()).toBe(0);
});

test("after a goal that could not be taken the thread goes on", async () => {
  const { agent } = repeater();
  await expect(agent.invoke({ input: " " }, thread)).rejects.toMatchObject({ code: "GOAL_EMPTY" });
  expect((await agent.invoke({ input: "fine" }, thread)).response).toBe("re: fine");
});

test("nothing new on a thread is no goal, and never the last one again", async () => {
  const { agent, model } = repeater();
  await agent.invoke({ input: "one" }, thread);
  for (const input of [{ messages: [] }, { input: "" }]) {
    await expect(agent.invoke(input, thread)).rejects.toMatchObject({ code: "GOAL_MISSING" });
  }
  expect(model.count()).toBe(1);
});

test("the same words twice in a row are two turns", async () => {
  const { agent, model } = repeater();
  const first = await agent.invoke({ input: "again" }, thread);
  const second = await agent.invoke({ input: "again" }, thread);
  expect(model.count()).toBe(2);
  expect(second.messages.map(({ text }) => text)).toEqual(["again", "re: again", "again", "re: again"]);
  expect(second.usage.calls).toBe(1);
  expect(first.messages).toHaveLength(2);
});

test("the goal may be the last message, whose content may be blocks, as chat clients send it", async () => {
  const { agent } = repeater();
  const content = [
    { type: "text", text: "what " },
    { type: "text", text: "now?" },
  ];
  const run = await agent.invoke({ messages: [{ role: "user", content }] }, thread);
  expect(run.response).toBe("re: what now?");
  expect(run.messages).toHaveLength(2);
});

test("a turn by input, then turns by messages alone, then by input again", async () => {
  const { agent } = repeater();
  const goals = [
    { input: "a" },
    { messages: [new HumanMessage("b")] },
    { messages: [new HumanMessage("b")] },
    { input: "a" },
  ];
  const responses: string[] = [];
  for (const goal of goals) {
    responses.push((await agent.invoke(goal, thread)).response);
  }
  expect(responses).toEqual(["re: a", "re: b", "re: b", "re: a"]);
});

test("beside messages the input is the goal, and the messages are what was said before", async () => {
  const { agent, model } = repeater();
  const run = await agent.invoke({ input: "sum it up", messages: [new HumanMessage("a long text")] }, thread);
  expect(run.response).toBe("re: sum it up");
  expect(model.calls[0]?.prompt).toContain("a long text");
  expect(run.messages.map(({ text }) => text)).toEqual(["a long text", "sum it up", "re: sum it up"]);
});

test("three turns keep a conversation, and each planner sees what was said, not plans", async () => {
  const plans = [planCall([say("a")]), planCall([say("b")], "b"), "just words"];
  let turn = 0;
  const { agent, model, eventsOf } = plannedAgent(
    [],
    { tools: [echo], checkpointer: new MemorySaver() },
    { planner: () => plans[turn] ?? "", replanner: "answer one" },
  );
  const runs = [];
  for (turn = 0; turn < 3; turn++) {
    runs.push(await agent.invoke({ input: `goal ${turn}` }, thread));
  }
  expect(runs.map(({ response }) => response)).toEqual(["answer one", "b", "just words"]);
  expect(runs.map(({ plan }) => plan.map(({ id }) => id))).toEqual([["a"], ["b"], []]);
  expect(runs.map(({ pastSteps }) => pastSteps.map(({ id }) => id))).toEqual([["a"], ["b"], []]);
  expect(runs.map(({ usage }) => usage.calls)).toEqual([2, 1, 1]);
  const planners = model.calls.filter(({ role }) => role === "planner");
  const conversation = planners[2]?.messages.slice(1, -1).map(({ text }) => text);
  expect(conversation).toEqual(["goal 0", "answer one", "goal 1", "b"]);
  expect(new Set(eventsOf("agent.started").map(({ turnId }) => turnId)).size).toBe(3);
});

test("calls of another agent's tools are no part of what the planner is told", async () => {
  const { agent, model } = repeater();
  const call = { id: "c", name: "search", args: {}, type: "tool_call" as const };
  await agent.invoke(
    {
      messages: [
        new HumanMessage("find it"),
        new AIMessage({ content: "", tool_calls: [call] }),
        new ToolMessage({ content: "found", tool_call_id: "c" }),
        new AIMessage({ content: "Here.", tool_calls: [{ ...call, id: "d" }] }),
        new HumanMessage("thanks"),
      ],
    },
    thread,
  );
  const sent = model.calls[0]?.messages ?? [];
  expect(sent.map((message) => message.getType())).toEqual(["system", "human", "ai", "human"]);
  expect(sent.some((message) => AIMessage.isInstance(message) && (message.tool_calls?.length ?? 0) > 0)).toBe(
    false,
  );
});

test("a new goal ends the request that waits, and says so", async () => {
  const { agent, eventsOf } = plannedAgent([say("a")], {
    tools: [echo],
    approval: { plan: true },
    checkpointer: new MemorySaver(),
  });
  await agent.invoke({ input: "one" }, thread);
  expect((await agent.getState(thread)).values.status).toBe("waiting");
  await agent.invoke({ input: "two" }, thread);
  const [asked] = eventsOf("approval.asked");
  expect(eventsOf("approval.expired").map(({ requestId }) => requestId)).toEqual([asked?.requestId]);
  expect((await agent.getState(thread)).values.turn?.goal).toBe("two");
});

test("a new goal while a rejected plan is made again is a turn of its own", async () => {
  const asked = createDeferred();
  const controller = new AbortController();
  let calls = 0;
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo], approval: { plan: true }, checkpointer: new MemorySaver() },
    {
      planner: (messages) => {
        calls += 1;
        if (calls === 1) {
          return planCall([say("a")]);
        }
        if (calls > 2) {
          return `re: ${readSection("goal", messages.at(-1)?.text ?? "")}`;
        }
        asked.resolve();
        return new Promise<string>(() => {});
      },
    },
  );
  await agent.invoke({ input: "one" }, thread);
  const reject = new Command({ resume: { decisions: [{ type: "reject", message: "no" }] } });
  const config = { ...thread, signal: controller.signal };
  const running = agent.invoke(reject as Parameters<typeof agent.invoke>[0], config);
  await asked.promise;
  controller.abort();
  await expect(running).rejects.toThrow();
  expect((await agent.invoke({ input: "two" }, thread)).response).toBe("re: two");
  expect(model.calls.at(-1)?.prompt).not.toContain("<feedback>");
});
