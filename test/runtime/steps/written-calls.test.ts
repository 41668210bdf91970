// Models that write their calls as text, and models that hand over calls, plans or their prompt as the answer.
import { describe, expect, test } from "vitest";
import { chargingAgent, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type Script } from "../../support/scripted-model.js";

const CHARGE = '```json\n{"name": "charge", "arguments": {"who": "ann"}}\n```';
const thread = { configurable: { thread_id: "1" } };
const charging = { id: "1", description: "charge ann" };

/** Writes a call as text, and answers when the call is answered. */
const writing =
  (text: string, answer = "done"): Script =>
  (messages) =>
    messages.at(-1)?.getType() === "tool" ? answer : text;

/** Answers in turn, and with the last one from then on. */
const inTurn = (...answers: readonly string[]): Script => {
  let asked = 0;
  return () => answers[Math.min(asked++, answers.length - 1)] ?? "";
};

/** A step without tools is asked as the closing model is, but for its prompt. */
const isClosing = (messages: Parameters<Script>[0]) => messages.at(-1)?.text.includes("<past_steps>");

describe("a call that a model writes as text", () => {
  test.each([
    CHARGE,
    '<tool_call>{"name":"charge","arguments":{"who":"ann"}}</tool_call>',
    '{{"name": "charge", "arguments": {{"who": "ann"}}}}',
  ])("is made in an agent step: %s", async (text) => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      [charging],
      { tools: [journalTool(journal)] },
      { agent: writing(text) },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual(["ann"]);
    expect(pastSteps).toMatchObject([{ status: "done", output: "done" }]);
    expect(model.calls.filter(({ role }) => role === "agent").at(-1)?.prompt).toContain("charged ann");
  });

  test("waits for a person as any other call does, and is made once it is approved", async () => {
    const { agent, journal } = chargingAgent([charging], {}, { agent: writing(CHARGE) });
    const first = await agent.invoke({ input: "go" }, thread);
    expect(requestOf(first).actionRequests).toMatchObject([{ name: "charge", args: { who: "ann" } }]);
    expect(journal.entries).toEqual([]);
    const run = await agent.invoke(decide(approve), thread);
    expect(run).toMatchObject({ status: "done", pastSteps: [{ output: "done" }] });
    expect(journal.entries).toEqual(["ann"]);
  });

  test("is the call of a call step", async () => {
    const journal = createJournal();
    const step = { id: "1", description: "charge whoever it is", tool: "charge" };
    const { agent, model } = plannedAgent([step], { tools: [journalTool(journal)] }, { call: CHARGE });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done" });
    expect(journal.entries).toEqual(["ann"]);
    expect(model.count("call")).toBe(1);
  });

  test("is no call where the step does not have the tool, and no answer either", async () => {
    const journal = createJournal();
    const { agent } = plannedAgent(
      [{ ...charging, tools: ["echo"] }],
      { tools: [journalTool(journal), echo], replanner: { maxReplans: 0 } },
      { agent: CHARGE },
    );
    const run = await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual([]);
    expect(run).toMatchObject({
      status: "incomplete",
      pastSteps: [{ status: "failed", error: { code: "MODEL_UNREADABLE" } }],
    });
  });

  test("is an answer where it only stands in one", async () => {
    const journal = createJournal();
    const text = `This is how somebody is charged:\n\n${CHARGE}\n\nThe argument is a name.`;
    const { agent } = plannedAgent([charging], { tools: [journalTool(journal)] }, { agent: text });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: text }] });
    expect(journal.entries).toEqual([]);
  });
});

describe("a planner that writes calls as text", () => {
  const echoing = { tool: "echo", args: { value: "out" } };

  test("has called its own tool where it writes that", async () => {
    const planner = JSON.stringify({ name: "plan", arguments: { steps: [echoing] } });
    const { agent, model } = plannedAgent([], { tools: [echo] }, { planner });
    expect(await agent.invoke({ input: "go" })).toMatchObject({
      status: "done",
      pastSteps: [{ output: "out" }],
    });
    expect(model.count("planner")).toBe(1);
  });

  test("has planned the calls of other tools, and nobody is shown them", async () => {
    const planner = '```json\n{"name": "echo", "arguments": {"value": "out"}}\n```';
    const { agent, eventsOf } = plannedAgent([], { tools: [echo] }, { planner });
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "done", pastSteps: [{ tool: "echo", output: "out" }] });
    expect(
      eventsOf("answer.token")
        .map(({ token }) => token)
        .join(""),
    ).toBe("the answer");
  });

  test("streams an answer that only begins like a call", async () => {
    const planner = '{"name": "Ann", "age": 7}';
    const { agent, eventsOf } = plannedAgent([], { tools: [echo] }, { planner });
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: planner });
    expect(
      eventsOf("answer.token")
        .map(({ token }) => token)
        .join(""),
    ).toBe(planner);
  });
});

describe("an answer", () => {
  const ECHO_CALL = '{"name": "echo", "arguments": {"value": 1}}';
  const PLAN = '{"steps": [{"tool": "echo", "args": {"value": 1}}]}';
  const steps = [{ id: "a", tool: "echo", args: { value: "out" } }];

  test.each([
    ["a call", ECHO_CALL],
    ["a plan", PLAN],
    ["a plan in a fence", `\`\`\`json\n${PLAN}\n\`\`\``],
    ["a section of its prompt", "<past_steps>\n[]\n</past_steps>"],
    ["the example of its prompt", "<missing>what is still to be done</missing>"],
  ])("is never %s: the model is asked again", async (_, text) => {
    const { agent, eventsOf } = plannedAgent(
      steps,
      { tools: [echo] },
      { answer: inTurn(text, "It is out.") },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "It is out." });
    expect(eventsOf("replanning")).toEqual([]);
    expect(eventsOf("model.retried")).toHaveLength(1);
  });

  test.each([ECHO_CALL, PLAN])(
    "that stays raw ends the run in honesty, and is not shown: %s",
    async (text) => {
      const { agent, eventsOf } = plannedAgent(steps, { tools: [echo] }, { answer: text });
      const run = await agent.invoke({ input: "go" });
      expect(run.status).not.toBe("done");
      expect(run.response).not.toContain(text);
      expect(eventsOf("answer.token")).toEqual([]);
    },
  );

  test("may be JSON that is neither call nor plan, and may be XML", async () => {
    for (const text of [
      '{"steps": ["mix", "bake"]}',
      '[{"name": "echo", "price": 3}]',
      "<remaining>2</remaining>",
    ]) {
      const { agent } = plannedAgent(steps, { tools: [echo] }, { answer: text });
      expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: text });
    }
  });

  test("of a step is none of these either", async () => {
    const step = inTurn(ECHO_CALL, "one");
    const { agent } = plannedAgent(
      [{ id: "1", description: "say it", tools: [] }],
      { tools: [echo] },
      { answer: (messages, ...others) => (isClosing(messages) ? "end" : step(messages, ...others)) },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({ pastSteps: [{ output: "one" }] });
  });

  test("of a replanner or an agent is no section of its prompt", async () => {
    const { agent, eventsOf } = plannedAgent(
      [{ id: "1", description: "fail" }],
      { tools: [echo] },
      {
        agent: (_messages, _tools, call) =>
          call === 2
            ? "<goal_for_context>\ngo\n</goal_for_context>"
            : [{ name: "blocked", args: { reason: "no" } }],
        replanner: inTurn("<past_steps>\n[]\n</past_steps>", "It cannot be done."),
      },
    );
    expect(await agent.invoke({ input: "go" })).toMatchObject({
      status: "incomplete",
      response: "It cannot be done.",
      pastSteps: [{ status: "blocked" }],
    });
    expect(eventsOf("model.retried").map(({ role }) => role)).toEqual(["executor", "replanner"]);
  });

  test("of a replanner is a new remainder where it is a call", async () => {
    const { agent } = plannedAgent(
      [{ id: "1", description: "fail" }],
      { tools: [echo] },
      {
        agent: [{ name: "blocked", args: { reason: "no" } }],
        planner: planCall([{ id: "1", description: "fail" }]),
        replanner: ECHO_CALL,
        answer: "end",
      },
    );
    const run = await agent.invoke({ input: "go" });
    expect(run).toMatchObject({ status: "done", response: "end" });
    expect(run.pastSteps.at(-1)).toMatchObject({ tool: "echo", output: 1 });
  });
});
