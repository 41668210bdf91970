import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { AnswerError } from "../../../src/agent/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };

function setUp(who = "ann", approval = {}, options = {}) {
  const journal = createJournal();
  const planned = plannedAgent([{ id: "1", tool: "charge", args: { who }, dependsOn: [] }], {
    tools: [journalTool(journal)],
    approval: { tools: { charge: true }, requireRequestId: true, ...approval },
    checkpointer: new MemorySaver(),
    ...options,
  });
  return { ...planned, journal };
}

test.each([
  [true],
  ["approve"],
  [approve],
  [[approve]],
  [{ decisions: [approve] }],
  [reject("no")],
  [{ ...approve, requestId: 5 }],
  [{ decisions: [edit("charge", { who: "bob" })] }],
])("where an answer must name its request, %j is refused", async (value) => {
  const { agent, journal } = setUp();
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
  const again = requestOf(await agent.invoke(answer(value), config));
  expect(again.requestId).toBe(requestId);
  expect(again.error).toBeDefined();
  expect(journal.entries).toEqual([]);
  const named = answer({ requestId, decisions: [approve] });
  expect((await agent.invoke(named, config)).status).toBe("done");
  expect(journal.entries).toEqual(["ann"]);
});

test("the reason says how to name the request", async () => {
  const { agent } = setUp();
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
  const { error } = requestOf(await agent.invoke(answer(true), config));
  expect(error).toContain(`{ requestId: "${requestId}", decisions: [...] }`);
});

test("one decision by itself may name the request too", async () => {
  const { agent, journal } = setUp();
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
  await agent.invoke(answer({ ...edit("charge", { who: "bob" }), requestId }), config);
  expect(journal.entries).toEqual(["bob"]);
});

test("a run's context can ask for it, and it holds for the turn", async () => {
  const { agent, journal } = setUp("ann", { requireRequestId: false });
  const run = { ...config, context: { requireRequestId: true } };
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, run));
  for (const later of [run, config]) {
    requestOf(await agent.invoke(answer(true), later));
  }
  expect(journal.entries).toEqual([]);
  await agent.invoke(answer({ ...approve, requestId }), config);
  expect(journal.entries).toEqual(["ann"]);
});

test("an answer where nothing waits any more is refused, changes nothing, and is not kept for the next request", async () => {
  const { agent, journal, model } = setUp("ann", { requireRequestId: false });
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
  await agent.invoke(decide(approve), config);
  const calls = model.count();
  const before = (await agent.getState(config)).values;
  const late = agent.invoke(answer({ requestId, decisions: [approve] }), config);
  await expect(late).rejects.toThrow(AnswerError);
  await expect(late).rejects.toMatchObject({
    code: "NOTHING_WAITS",
    message: expect.stringContaining(`Request ${requestId} was answered before`),
  });
  await expect(agent.stream(decide(approve), config)).rejects.toThrow(AnswerError);
  await expect(agent.withConfig({ tags: ["x"] }).invoke(answer(true), config)).rejects.toThrow(AnswerError);
  expect((await agent.getState(config)).values).toEqual(before);
  expect(model.count()).toBe(calls);
  const next = await agent.invoke({ input: "once more" }, config);
  expect(requestOf(next).error).toBeUndefined();
  expect(journal.entries).toEqual(["ann"]);
});

test("an answer to a thread that there is not is refused", async () => {
  const { agent } = setUp();
  await expect(agent.invoke(answer(true), config)).rejects.toThrow(AnswerError);
});

test("an answer to a run that was cut off is refused, and the run still goes on", async () => {
  const controller = new AbortController();
  const { agent, journal } = setUp("ann", { requireRequestId: false });
  const signal = controller.signal;
  const cutOff = agent.stream({ input: "go" }, { ...config, streamMode: "custom", signal });
  await expect(
    (async () => {
      for await (const event of await cutOff) {
        if (Reflect.get(event, "type") === "plan.generated") {
          controller.abort();
        }
      }
    })(),
  ).rejects.toThrow();
  expect((await agent.getState(config)).next).not.toEqual([]);
  await expect(agent.invoke(decide(approve), config)).rejects.toThrow("invoke(null, config)");
  requestOf(await agent.invoke(null, config));
  expect(journal.entries).toEqual([]);
});

test("one answer to two agents side by side in one outer graph releases the one that it names", async () => {
  const journal = createJournal();
  const steps = (who: string) => [{ id: "1", tool: "charge", args: { who }, dependsOn: [] }];
  const agentFor = (who: string) =>
    plannedAgent(steps(who), {
      tools: [journalTool(journal)],
      approval: { tools: { charge: true }, requireRequestId: true },
    }).agent;
  const outer = new StateGraph(stateSchema)
    .addNode("one", async (_, runConfig) => {
      await agentFor("ann").invoke({ input: "go" }, runConfig);
      return {};
    })
    .addNode("other", async (_, runConfig) => {
      await agentFor("bob").invoke({ input: "go" }, runConfig);
      return {};
    })
    .addEdge(START, "one")
    .addEdge(START, "other")
    .compile({ checkpointer: new MemorySaver() });
  await outer.invoke({ input: "go" }, config);
  const interrupts = (await outer.getState(config)).tasks.flatMap((task) => task.interrupts);
  expect(interrupts).toHaveLength(2);
  const bob = interrupts.find(({ value }) => JSON.stringify(value).includes("bob"));
  const requestId = Reflect.get(Object(bob?.value), "requestId");
  const resume = { requestId, decisions: [approve] };
  // A plain answer is delivered to both of them.
  await outer.invoke(answer(resume), config);
  expect(journal.entries).toEqual(["bob"]);
});
