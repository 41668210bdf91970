import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { stateSchema } from "../../../src/state/index.js";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const steps = [
  { id: "a", description: "charge ann", tool: "charge", args: { who: "ann" } },
  { id: "b", description: "charge bob", tool: "charge", args: { who: "bob" } },
];

function setUp(options = {}, script = {}, plan: readonly unknown[] = steps) {
  const journal = createJournal();
  const planned = plannedAgent(
    plan,
    {
      tools: [journalTool(journal), echo],
      approval: { plan: true },
      checkpointer: new MemorySaver(),
      ...options,
    },
    script,
  );
  return { ...planned, journal };
}

const ANN = '[a] charge {"who":"ann"} | description: "charge ann"';
const BOB = '[b] charge {"who":"bob"} | description: "charge bob"';

test("a plan waits as one text, one step a line with what runs, and runs when it is approved", async () => {
  const { agent, journal, model } = setUp();
  const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
  expect(actionRequests).toMatchObject([{ name: "plan", args: { plan: `${ANN}\n${BOB}` }, steps }]);
  expect(journal.entries).toEqual([]);
  expect((await agent.invoke(decide(approve), config)).status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(model.count()).toBe(2);
});

test("an edited text drops, reorders and adds steps, and is recorded as the person's", async () => {
  const { agent, journal, model, eventsOf } = setUp({}, { agent: "sang" });
  await agent.invoke({ input: "go" }, config);
  const output = await agent.invoke(decide(edit("plan", { plan: `${BOB}\nsing a song` })), config);
  expect(output.plan.map(({ description, tool }) => [description, tool])).toEqual([
    ["charge bob", "charge"],
    ["sing a song", undefined],
  ]);
  expect(journal.entries).toEqual(["bob"]);
  expect(output.status).toBe("done");
  const { values } = await agent.getState(config);
  expect(values.planVersions.map(({ by }: { by: string }) => by)).toEqual(["planner", "person"]);
  expect(model.count("planner")).toBe(1);
  expect(eventsOf("approval.asked")).toHaveLength(1);
});

test("a line in other words keeps the step's place, so that others may still refer to it", async () => {
  const plan = [
    { id: "a", description: "find a number", tool: "echo", args: { value: 5 } },
    { id: "b", description: "use it", tool: "echo", args: { value: "{{a}}" } },
  ];
  const { agent, model } = setUp({}, { agent: "7" }, plan);
  await agent.invoke({ input: "go" }, config);
  const output = await agent.invoke(
    decide(
      edit("plan", { plan: '[a] find a prime number\n[b] echo {"value":"{{a}}"} | description: "use it"' }),
    ),
    config,
  );
  expect(output.pastSteps).toMatchObject([
    { id: "a", description: "find a prime number", output: 7 },
    { id: "b", output: 7 },
  ]);
  expect(model.count("agent")).toBe(1);
});

test("an edited plan may come as steps, and keeps the step that is the answer", async () => {
  const { agent, journal, model } = setUp({}, { planner: planCall(steps, "b") });
  await agent.invoke({ input: "go" }, config);
  const edited = [{ id: "b", tool: "charge", args: { who: "eve" } }];
  const { response, status } = await agent.invoke(decide({ type: "edit", steps: edited }), config);
  expect({ response, status }).toEqual({ response: "charged eve", status: "done" });
  expect(journal.entries).toEqual(["eve"]);
  expect(model.count()).toBe(1);
});

test.each([
  [{ type: "edit", steps: [{ id: "1", tool: "refund", args: {} }] }, "refund"],
  [edit("plan", { plan: { toString: null } }), "no text"],
  [{ type: "edit", steps: [] }, "plan"],
  [edit("plan", { plan: "  \n" }), "plan"],
  [edit("plan", {}), "plan"],
])("an edited plan that cannot be used is refused with what is wrong: %j", async (decision, message) => {
  const { agent, journal } = setUp();
  await agent.invoke({ input: "go" }, config);
  const { error, actionRequests } = requestOf(await agent.invoke(decide(decision), config));
  expect(error).toContain(message);
  expect(actionRequests).toHaveLength(1);
  await agent.invoke(decide(approve), config);
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("always asks for each plan, and an edited one is not asked for again", async () => {
  const { agent, journal, eventsOf } = setUp({ approval: { plan: "always" } });
  await agent.invoke({ input: "go" }, config);
  const output = await agent.invoke(decide(edit("plan", { plan: BOB })), config);
  expect(isWaiting(output)).toBe(false);
  expect(journal.entries).toEqual(["bob"]);
  expect(eventsOf("approval.asked")).toHaveLength(1);
});

test("a rejected plan is made again with the person's words, and the third rejection ends the run", async () => {
  const { agent, journal, model } = setUp();
  await agent.invoke({ input: "go" }, config);
  requestOf(await agent.invoke(decide(reject("not ann")), config));
  expect(model.calls.at(-1)?.prompt).toContain("not ann");
  requestOf(await agent.invoke(decide(reject("nor bob")), config));
  const { status, outcome, response } = await agent.invoke(decide(reject("leave it")), config);
  expect(status).toBe("incomplete");
  expect(outcome?.reason).toContain("leave it");
  expect(outcome?.left.map(({ id }) => id)).toEqual(["a", "b"]);
  expect(response).toContain("leave it");
  expect(model.count("planner")).toBe(3);
  expect(journal.entries).toEqual([]);
});

test("a plan and then its actions are asked for one after the other", async () => {
  const { agent, journal } = setUp({ approval: { plan: true, tools: { charge: true } } });
  await agent.invoke({ input: "go" }, config);
  const actions = requestOf(await agent.invoke(answer(true), config));
  expect(actions.actionRequests.map(({ name }) => name)).toEqual(["charge"]);
  const last = requestOf(await agent.invoke(answer(true), config));
  expect(last.actionRequests.map(({ args }) => args.who)).toEqual(["bob"]);
  expect((await agent.invoke(answer(true), config)).status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("a step that a person took out of the plan is asked for when a new plan brings it back", async () => {
  const { agent, journal } = setUp(
    {},
    {
      replanner: (_: unknown, __: unknown, call: number) =>
        call === 2 ? planCall(steps.slice(0, 1)) : "done",
    },
    [
      { id: "x", description: "echo", tool: "echo", args: { value: "{{y.none}}" } },
      { id: "y", tool: "echo", args: { value: 1 }, dependsOn: [] },
      ...steps,
    ],
  );
  await agent.invoke({ input: "go" }, config);
  const output = await agent.invoke(
    decide({
      type: "edit",
      steps: [
        { id: "y", tool: "echo", args: { value: 1 } },
        { id: "x", tool: "echo", args: { value: "{{y.none}}" } },
      ],
    }),
    config,
  );
  expect(requestOf(output).actionRequests).toMatchObject([{ name: "plan" }]);
  expect(journal.entries).toEqual([]);
});

test("as a node of an outer graph the agent stops for a person and goes on", async () => {
  const { agent, journal, model } = setUp({
    checkpointer: undefined,
    approval: { plan: true, tools: { charge: true } },
  });
  const outer = new StateGraph(stateSchema)
    .addNode("inner", agent)
    .addEdge(START, "inner")
    .compile({ checkpointer: new MemorySaver() });
  requestOf(await outer.invoke({ input: "go" }, config));
  requestOf(await outer.invoke(answer(true), config));
  requestOf(await outer.invoke(answer(true), config));
  const output = await outer.invoke(answer(true), config);
  expect(output.status).toBe("done");
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(model.count()).toBe(2);
});
