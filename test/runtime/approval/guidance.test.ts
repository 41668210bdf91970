import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, isWaiting, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const say = (id: string, value: unknown, description = `say ${id}`) => ({
  id,
  description,
  tool: "echo",
  args: { value },
  dependsOn: [],
});
const send = (id: string, what = "letter") => ({
  id,
  description: `send the ${what}`,
  tool: "send",
  args: { what },
  dependsOn: [],
});

const SEND = '[f] send {"what":"letter"} | dependsOn: [] | description: "send the letter"';
const TELL = '[s] echo {"value":"{{f}}!"} | dependsOn: [] | description: "tell of it"';

/** A run whose step “f” fails while the tool is broken, “s” stands behind it and “a” is healthy. */
function setUp(options: Omit<PlanExecuteOptions, "model"> = {}, script: ScriptByRole = {}) {
  const journal = createJournal();
  const world = { isBroken: true };
  const sending = tool(
    ({ what }, { configurable }) => {
      journal.add(`${what} ${configurable?.idempotency_key.split(":").at(-1)}`);
      if (world.isBroken) {
        throw new Error("no post today");
      }
      return `sent ${what}`;
    },
    { name: "send", description: "sends", schema: z.object({ what: z.string() }) },
  );
  const planned = plannedAgent(
    [say("a", 1), send("f"), say("s", "{{f}}!", "tell of it")],
    {
      tools: [echo, sending, journalTool(journal)],
      approval: { escalate: true },
      replanner: { maxReplans: 0 },
      checkpointer: new MemorySaver(),
      ...options,
    },
    script,
  );
  return { ...planned, journal, world };
}

describe("a run that is out of replans", () => {
  test("asks a person before it ends, with why and with what failed and what is left", async () => {
    const { agent, model, eventsOf } = setUp();
    const output = await agent.invoke({ input: "go" }, config);
    const request = requestOf(output);
    expect(request.actionRequests).toMatchObject([
      {
        name: "guidance",
        args: { plan: `${SEND}\n${TELL}` },
        description: expect.stringMatching(
          /^The run cannot go on by itself: step f ended failed \(The tool "send" failed: no post today\).*\n\n.*Approve.*Edit.*"give up".*Reject with other words/,
        ),
      },
    ]);
    // The reason cannot be edited: a form makes a field of every argument.
    expect(Object.keys(request.actionRequests[0]?.args ?? {})).toEqual(["plan"]);
    expect(request.review_configs).toMatchObject([
      { action_name: "guidance", allowed_decisions: ["approve", "edit", "reject"] },
    ]);
    expect((await agent.getState(config)).values.status).toBe("waiting");
    expect(eventsOf("agent.completed")).toEqual([]);
    expect(model.count("replanner")).toBe(0);
  });

  test("without the option it ends as it did", async () => {
    const { agent } = setUp({ approval: {} });
    const output = await agent.invoke({ input: "go" }, config);
    expect(isWaiting(output)).toBe(false);
    expect(output.status).toBe("incomplete");
  });

  test("a run's context can ask for it", async () => {
    const { agent } = setUp({ approval: {} });
    const output = await agent.invoke({ input: "go" }, { ...config, context: { escalate: true } });
    expect(requestOf(output).actionRequests[0]?.name).toBe("guidance");
  });

  test("approved, it ends with the partial result, and no model is asked", async () => {
    const { agent, model, journal } = setUp();
    await agent.invoke({ input: "go" }, config);
    const calls = model.count();
    const output = await agent.invoke(answer(true), config);
    expect(output).toMatchObject({
      status: "incomplete",
      outcome: { failed: [{ id: "f" }], left: [{ id: "s" }] },
    });
    expect(output.outcome?.reason).toMatch(
      /^A person took what was achieved as the result: step f ended failed/,
    );
    expect(output.response).toContain("say a: 1");
    expect(model.count()).toBe(calls);
    expect(journal.entries).toEqual(["letter f"]);
  });

  test("rejected without words, or with the words that a form asks for, it gives up", async () => {
    for (const words of [undefined, "", "  ", "give up", "Give up."]) {
      const { agent, journal } = setUp();
      await agent.invoke({ input: "go" }, config);
      const output = await agent.invoke(decide(reject(words)), config);
      expect(output.status).toBe("incomplete");
      expect(output.outcome?.reason).toMatch(/^A person gave up: step f ended failed/);
      expect(journal.entries).toEqual(["letter f"]);
    }
  });

  test("rejected with words, the replanner is asked with them, beyond its limit by that once", async () => {
    const { agent, model, journal, world } = setUp(
      {},
      { replanner: () => planCall([send("g", "parcel")], "g") },
    );
    await agent.invoke({ input: "go" }, config);
    world.isBroken = false;
    const output = await agent.invoke(decide(reject("send a parcel instead")), config);
    expect(output).toMatchObject({ status: "done", response: "sent parcel" });
    expect(journal.entries).toEqual(["letter f", "parcel g"]);
    expect(model.count("replanner")).toBe(1);
    expect(model.calls.at(-1)?.prompt).toContain("A person says: send a parcel instead");
    expect(model.calls.at(-1)?.prompt).toContain("no post today");
  });

  test("the hint may mean to try the very same again", async () => {
    const { agent, journal, world } = setUp({}, { replanner: () => planCall([send("g")], "g") });
    await agent.invoke({ input: "go" }, config);
    world.isBroken = false;
    const output = await agent.invoke(decide(reject("the post is open again")), config);
    expect(output).toMatchObject({ status: "done", response: "sent letter" });
    expect(journal.entries).toEqual(["letter f", "letter g"]);
  });

  test("that fails after the hint asks again, each time anew", async () => {
    const { agent, model, eventsOf, journal } = setUp(
      {},
      { replanner: (_messages, _tools, call) => planCall([send(`g${call}`, `parcel ${call}`)]) },
    );
    const ids = [requestOf(await agent.invoke({ input: "go" }, config)).requestId];
    for (let round = 1; round <= 3; round++) {
      const again = requestOf(await agent.invoke(decide(reject("another one")), config));
      expect(again.actionRequests[0]?.actionId).toBe(`guidance:${round + 1}`);
      ids.push(again.requestId);
    }
    expect(new Set(ids).size).toBe(4);
    expect(model.count("replanner")).toBe(3);
    expect(journal.entries).toHaveLength(4);
    expect(eventsOf("approval.decided")).toHaveLength(3);
    const last = await agent.invoke(decide(approve), config);
    expect(last.outcome?.failed).toHaveLength(1);
  });
});

describe("guidance that is edited", () => {
  test("left as it is, what failed is done again in its place, under its old key, and what stood behind it follows", async () => {
    const { agent, model, journal, world } = setUp();
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    world.isBroken = false;
    const output = await agent.invoke(decide(edit("guidance", actionRequests[0]?.args ?? {})), config);
    expect(output.pastSteps).toMatchObject([
      { id: "a", output: 1 },
      { id: "f", output: "sent letter" },
      { id: "s", output: "sent letter!" },
    ]);
    expect(output).toMatchObject({ status: "done", outcome: { failed: [], left: [] } });
    expect(journal.entries).toEqual(["letter f", "letter f"]);
    expect([model.count("replanner"), model.count("answer")]).toEqual([0, 1]);
    const { values } = await agent.getState(config);
    expect(values.planVersions).toMatchObject([{ by: "planner" }, { by: "person" }]);
    expect(values.decisions).toMatchObject([
      { type: "edit", actionId: "guidance:1" },
      { type: "approve", actionId: "plan:2" },
    ]);
  });

  test("in other words, a failed step becomes another one, and what named it names that", async () => {
    const { agent, journal } = setUp({}, { agent: "carried over by hand" });
    await agent.invoke({ input: "go" }, config);
    const output = await agent.invoke(
      decide(edit("guidance", { reason: "x", plan: `[f] carry the letter over\n${TELL}` })),
      config,
    );
    expect(output.pastSteps.map(({ id, status }) => [id, status])).toEqual([
      ["a", "done"],
      ["f", "failed"],
      ["f-2", "done"],
      ["s", "done"],
    ]);
    expect(output.pastSteps.at(-1)?.output).toBe("carried over by hand!");
    expect(output.status).toBe("done");
    expect(journal.entries).toEqual(["letter f"]);
  });

  test("a failed step that is left out is answered, and only what the person left in is done", async () => {
    const { agent, model, journal } = setUp();
    await agent.invoke({ input: "go" }, config);
    const output = await agent.invoke(
      decide({ type: "edit", steps: [{ id: "n", tool: "echo", args: { value: "{{a}} is enough" } }] }),
      config,
    );
    expect(output).toMatchObject({ status: "done", outcome: { failed: [], left: [] } });
    expect(output.pastSteps.at(-1)).toMatchObject({ id: "n", output: "1 is enough" });
    expect(journal.entries).toEqual(["letter f"]);
    expect([model.count("replanner"), model.count("answer")]).toEqual([0, 1]);
  });

  test.each([
    [edit("guidance", { plan: TELL }), "{{f}}"],
    [edit("guidance", { plan: " " }), "steps"],
    [{ type: "edit", steps: [{ id: "1", tool: "fly", args: {} }] }, "fly"],
    [{ type: "edit", steps: [say("a", 1)] }, '"a"'],
  ])("that cannot be done is refused with what is wrong: %j", async (decision, message) => {
    const { agent, journal } = setUp();
    await agent.invoke({ input: "go" }, config);
    const again = requestOf(await agent.invoke(decide(decision), config));
    expect(again.error).toContain(message);
    expect(again.actionRequests[0]?.name).toBe("guidance");
    expect(journal.entries).toEqual(["letter f"]);
  });

  test("an action that a person rejected before is asked for anew when its step is to be done again", async () => {
    const { agent, journal, world } = setUp({ approval: { escalate: true, tools: { send: true } } });
    world.isBroken = false;
    await agent.invoke({ input: "go" }, config);
    const guidance = requestOf(await agent.invoke(decide(reject("not today")), config));
    expect(guidance.actionRequests).toMatchObject([{ name: "guidance" }]);
    expect(guidance.actionRequests[0]?.description).toContain("not today");
    const again = requestOf(
      await agent.invoke(decide(edit("guidance", guidance.actionRequests[0]?.args ?? {})), config),
    );
    expect(again.actionRequests).toMatchObject([{ name: "send", args: { what: "letter" } }]);
    expect(journal.entries).toEqual([]);
    expect((await agent.invoke(decide(approve), config)).status).toBe("done");
    expect(journal.entries).toEqual(["letter f"]);
  });

  test("is not asked for again as a plan, and what it adds is approved by it", async () => {
    const { agent, world, eventsOf } = setUp({ approval: { escalate: true, plan: "always" } });
    await agent.invoke({ input: "go" }, config);
    const { actionRequests } = requestOf(await agent.invoke(answer(true), config));
    world.isBroken = false;
    const output = await agent.invoke(decide(edit("guidance", actionRequests[0]?.args ?? {})), config);
    expect(isWaiting(output)).toBe(false);
    expect(eventsOf("approval.asked").map(({ actions }) => actions[0]?.name)).toEqual(["plan", "guidance"]);
  });
});

describe("a person is asked as well", () => {
  test.each([
    ["the new plan would fail as the old one", planCall([send("f2")]), 'what step "f" failed at'],
    ["no valid plan comes", planCall([{ id: "g", tool: "fly", args: {} }]), "no valid plan"],
  ])("where %s", async (_, reply, reason) => {
    const { agent } = setUp({ replanner: { maxReplans: 3 } }, { replanner: () => reply });
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests[0]?.description).toContain(reason);
    expect((await agent.invoke(answer(true), config)).status).toBe("incomplete");
  });
});

describe("nobody is asked", () => {
  test("where a limit ends the run", async () => {
    const { agent } = setUp({ limits: { maxModelCalls: 1 }, replanner: { maxReplans: 3 } });
    const output = await agent.invoke({ input: "go" }, config);
    expect(isWaiting(output)).toBe(false);
    expect(output.status).toBe("incomplete");
    expect(output.outcome?.reason).toContain("maxModelCalls");
  });

  test("where the replanner answers in words", async () => {
    const { agent } = setUp({ replanner: { maxReplans: 3 } }, { replanner: "Only a half." });
    expect(await agent.invoke({ input: "go" }, config)).toMatchObject({
      status: "incomplete",
      response: "Only a half.",
    });
  });
});
