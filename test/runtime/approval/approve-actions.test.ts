import { AIMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { byId, chargingAgent, journalTool } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import type { Script } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who }, dependsOn: [] });
const chargeOnce =
  (who: string): Script =>
  (messages) =>
    messages.at(-1)?.getType() === "tool"
      ? `charged: ${messages.at(-1)?.text}`
      : [{ name: "charge", args: { who } }];

const setUp = (steps: readonly unknown[], script = {}, options = {}) => chargingAgent(steps, options, script);

describe("actions that wait", () => {
  const everyKind = [
    charge("direct", "ann"),
    { id: "call", description: "charge bob", tool: "charge", dependsOn: [] },
    { id: "list", tool: "echo", args: { value: ["cid", "dan"] }, dependsOn: [] },
    { id: "each", tool: "charge", args: { who: "{{item}}" }, forEach: "{{list}}", dependsOn: ["list"] },
    { id: "agent", description: "find whom to charge", dependsOn: [] },
    { id: "free", tool: "echo", args: { value: 1 }, dependsOn: [] },
  ];
  const script = { call: [{ name: "charge", args: { who: "bob" } }], agent: chargeOnce("eve") };

  test("of every kind of step come in one request, when all that can run has run", async () => {
    const { agent, journal, eventsOf } = setUp(everyKind, script);
    const output = await agent.invoke({ input: "go" }, config);
    const { actionRequests, reviewConfigs, ...other } = requestOf(output);
    expect(actionRequests.map(({ stepId, name, args }) => [stepId, name, args.who])).toEqual([
      ["direct", "charge", "ann"],
      ["call", "charge", "bob"],
      ["each[0]", "charge", "cid"],
      ["each[1]", "charge", "dan"],
      ["agent", "charge", "eve"],
    ]);
    expect(other.action_requests).toEqual(actionRequests);
    expect(reviewConfigs).toHaveLength(5);
    expect(other.review_configs[0]).toMatchObject({
      action_name: "charge",
      allowed_decisions: ["approve", "edit", "reject"],
    });
    expect(journal.entries).toEqual([]);
    const { values } = await agent.getState(config);
    expect(values.status).toBe("waiting");
    expect(byId(values.pastSteps as { id: string }[])).toHaveProperty("free");
    expect(eventsOf("approval.asked")).toMatchObject([{ requestId: other.requestId }]);
  });

  test("each get their own decision, and no model or tool is called twice", async () => {
    const { agent, journal, model, eventsOf } = setUp(everyKind, script);
    await agent.invoke({ input: "go" }, config);
    const before = model.count();
    const decisions = [
      reject("not ann"),
      edit("charge", { who: "BOB" }),
      approve,
      reject("not dan"),
      edit("charge", { who: "EVE" }),
    ];
    const output = await agent.invoke(decide(...decisions), config);
    expect([...journal.entries].sort()).toEqual(["BOB", "EVE", "cid"]);
    const results = byId(output.pastSteps);
    expect(results.direct).toMatchObject({
      status: "rejected",
      error: { code: "REJECTED", message: "not ann" },
    });
    expect(results.call).toMatchObject({ status: "done", args: { who: "BOB" }, output: "charged BOB" });
    expect(results.each).toMatchObject({ status: "rejected", output: ["charged cid", null] });
    expect(results.agent).toMatchObject({ status: "done", output: "charged: charged EVE" });
    expect(model.count()).toBe(before + 1);
    expect(model.count("call")).toBe(1);
    expect(eventsOf("step.started").map(({ stepId }) => stepId)).toEqual([
      ...new Set(eventsOf("step.started").map(({ stepId }) => stepId)),
    ]);
  });

  test("an edited call of an agent stands in its transcript in place of the original", async () => {
    const { agent, model } = setUp([{ id: "1", description: "charge", dependsOn: [] }], {
      agent: chargeOnce("eve"),
    });
    await agent.invoke({ input: "go" }, config);
    await agent.invoke(decide(edit("charge", { who: "EVE" })), config);
    const last = model.calls.filter(({ role }) => role === "agent").at(-1);
    expect(JSON.stringify(last?.messages)).toContain('"who":"EVE"');
    expect(JSON.stringify(last?.messages)).not.toContain('"who":"eve"');
  });

  test("a call that nobody edited stays in the transcript as the model wrote it", async () => {
    const call = new AIMessage({
      content: "",
      tool_calls: [{ id: "1", name: "charge", args: { who: "eve" } }],
      response_metadata: { mark: "as it came" },
    });
    const { agent, model } = setUp([{ id: "1", description: "charge", dependsOn: [] }], {
      agent: ((messages) => (messages.at(-1)?.getType() === "tool" ? "done" : call)) satisfies Script,
    });
    await agent.invoke({ input: "go" }, config);
    await agent.invoke(decide(approve), config);
    const agentCalls = model.calls.filter(({ role }) => role === "agent");
    const original = agentCalls.at(-1)?.messages.find((message) => message.getType() === "ai");
    expect(original?.response_metadata).toMatchObject({ mark: "as it came" });
  });

  test("an agent whose call was rejected is told so, and may go on", async () => {
    const { agent, journal } = setUp([{ id: "1", description: "charge", dependsOn: [] }], {
      agent: chargeOnce("eve"),
    });
    await agent.invoke({ input: "go" }, config);
    const { pastSteps } = await agent.invoke(decide(reject("never eve")), config);
    expect(pastSteps).toMatchObject([{ status: "done" }]);
    expect(pastSteps[0]?.output).toContain("never eve");
    expect(journal.entries).toEqual([]);
  });

  test("an agent is asked again for each further call, though its model gives all calls one id", async () => {
    const journal = createJournal();
    const tools = [journalTool(journal, "charge", { repeatable: true })];
    const script = {
      agent: ((messages) => {
        const rounds = messages.filter((message) => message.getType() === "tool").length;
        return rounds === 3
          ? "done"
          : [{ id: "same", name: "charge", args: { who: rounds === 2 ? "bob" : "ann" } }];
      }) satisfies Script,
    };
    const { agent, model } = setUp([{ id: "1", description: "charge", dependsOn: [] }], script, { tools });
    let output = await agent.invoke({ input: "go" }, config);
    const asked: unknown[] = [];
    while (isWaiting(output)) {
      asked.push(requestOf(output).actionRequests[0]?.args.who);
      expect(journal.entries).toHaveLength(asked.length - 1);
      output = await agent.invoke(decide(approve), config);
    }
    expect(asked).toEqual(["ann", "ann", "bob"]);
    expect(journal.entries).toEqual(["ann", "ann", "bob"]);
    expect(model.count("agent")).toBe(4);
  });
});

describe("rules", () => {
  test("a predicate says which calls wait, and where it throws the call waits", async () => {
    const when = ({ who }: Record<string, unknown>) => {
      if (who === "odd") {
        throw new Error("cannot say");
      }
      return who === "ann";
    };
    const { agent, journal } = setUp(
      [charge("1", "ann"), charge("2", "bob"), charge("3", "odd")],
      {},
      {
        approval: {
          tools: { charge: { when, description: "Really?", allowedDecisions: ["approve", "reject"] } },
        },
      },
    );
    const { actionRequests, reviewConfigs } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests.map(({ stepId, description }) => [stepId, description])).toEqual([
      ["1", "Really? (1 of 3)"],
      ["3", "Really? (3 of 3)"],
    ]);
    expect(reviewConfigs[0]?.allowedDecisions).toEqual(["approve", "reject"]);
    expect(journal.entries).toEqual(["bob"]);
  });

  test("a run's context can have further tools wait", async () => {
    const { agent, journal } = setUp([charge("1", "ann")], {}, { approval: {} });
    const output = await agent.invoke({ input: "go" }, { ...config, context: { approveTools: ["charge"] } });
    expect(requestOf(output).actionRequests).toHaveLength(1);
    expect(journal.entries).toEqual([]);
  });

  test.each([[true], ["approve"], [approve], [{ decisions: [approve] }], [[approve]]])(
    "with exactly one action %j approves it",
    async (value) => {
      const { agent, journal } = setUp([charge("1", "ann")]);
      await agent.invoke({ input: "go" }, config);
      expect((await agent.invoke(answer(value), config)).status).toBe("done");
      expect(journal.entries).toEqual(["ann"]);
    },
  );

  test("an edit is understood in the spelling of Agent Chat UI too", async () => {
    const { agent, journal } = setUp([charge("1", "ann")]);
    await agent.invoke({ input: "go" }, config);
    await agent.invoke(
      decide({ type: "edit", edited_action: { name: "charge", args: { who: "bob" } } }),
      config,
    );
    expect(journal.entries).toEqual(["bob"]);
  });

  test("with every-step the person is asked all the same, when only what waits is left", async () => {
    const { agent, model, journal } = setUp(
      [charge("1", "ann"), { id: "2", tool: "echo", args: { value: 1 }, dependsOn: [] }],
      {
        replanner: (_: unknown, __: unknown, call: number) =>
          call > 6 ? "enough" : [{ name: "plan", args: { steps: [charge("1", "ann")] } }],
      },
      { replanner: { when: "every-step" } },
    );
    const output = await agent.invoke({ input: "go" }, config);
    expect(requestOf(output).actionRequests).toHaveLength(1);
    expect(model.count("replanner")).toBe(1);
    expect(journal.entries).toEqual([]);
  });

  test("an agent that waits keeps its transcript while the replanner is asked about others", async () => {
    const agentStep = { id: "a", description: "charge eve", dependsOn: [] };
    const { agent, journal, model } = setUp(
      [{ ...charge("1", "ann") }, agentStep],
      {
        agent: chargeOnce("eve"),
        replanner: () => [{ name: "plan", args: { steps: [agentStep] } }],
      },
      { replanner: { when: "every-step" }, executor: { concurrency: 1 } },
    );
    await agent.invoke({ input: "go" }, config);
    const output = await agent.invoke(decide(approve, approve), config);
    expect(isWaiting(output)).toBe(false);
    expect(journal.entries).toEqual(["ann", "eve"]);
    expect(model.count("agent")).toBe(2);
  });
});
