import { AIMessage } from "@langchain/core/messages";
import { describe, expect, test } from "vitest";
import { byId, echo, journalTool, noWait, plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import type { Script } from "../../support/scripted-model.js";

const answerAfterTools =
  (calls: readonly { name: string; args: Record<string, unknown> }[], answer: string): Script =>
  (messages) => {
    const answered = messages.filter((message) => message.getType() === "tool").length;
    const call = calls[answered];
    return call === undefined ? answer : [call];
  };

describe("an agent step", () => {
  test("calls tools until its model answers, and its answer is the output", async () => {
    const journal = createJournal();
    const { agent, model, eventsOf } = plannedAgent(
      [{ id: "1", description: "charge two people" }],
      { tools: [journalTool(journal)] },
      {
        agent: answerAfterTools(
          [
            { name: "charge", args: { who: "ann" } },
            { name: "charge", args: { who: "bob" } },
          ],
          '{"charged":2}',
        ),
      },
    );
    const { pastSteps, usage } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ id: "1", status: "done", output: { charged: 2 }, attempts: 1 }]);
    expect(journal.entries).toEqual(["ann", "bob"]);
    expect(model.count("agent")).toBe(3);
    expect(model.calls.at(-2)?.prompt).toContain("charged bob");
    expect(usage).toMatchObject({ calls: 5, inputTokens: 50, outputTokens: 25 });
    expect(usage.byRole).toMatchObject({
      planner: { calls: 1 },
      executor: { calls: 3 },
      answer: { calls: 1 },
    });
    expect(usage.byStep).toMatchObject({ 1: { calls: 3, inputTokens: 30, outputTokens: 15 } });
    expect(eventsOf("step.started").map(({ stepId }) => stepId)).toEqual(["1"]);
  });

  test("sees the outputs it depends on and no others", async () => {
    const steps = [
      { id: "a", tool: "echo", args: { value: "needed-output" }, dependsOn: [] },
      { id: "b", tool: "echo", args: { value: "other-output" }, dependsOn: [] },
      {
        id: "c",
        description: "use {{a}} well",
        dependsOn: ["a"],
        expect: "a number",
        pitfalls: "it may be late",
      },
    ];
    const { agent, model } = plannedAgent(steps, { tools: [echo] }, { agent: "done" });
    await agent.invoke({ input: "the goal" });
    const prompt = model.calls.find(({ role }) => role === "agent")?.prompt ?? "";
    for (const text of [
      "needed-output",
      "use (output of step a) well",
      "a number",
      "it may be late",
      "the goal",
    ]) {
      expect(prompt).toContain(text);
    }
    expect(prompt).not.toContain("other-output");
  });

  test("is told no more of a large output than a prompt may hold", async () => {
    const steps = [
      { id: "a", tool: "echo", args: { value: "long" } },
      {
        id: "b",
        tool: "echo",
        args: { value: Array.from({ length: 5_000 }, (_, index) => `word${index}`) },
      },
      { id: "c", description: "sum up {{b}}", dependsOn: ["b"] },
    ];
    const { agent, model } = plannedAgent(steps, { tools: [echo] }, { agent: "done" });
    const results = byId((await agent.invoke({ input: "go" })).pastSteps);
    const prompt = model.calls.find(({ role }) => role === "agent")?.prompt ?? "";
    expect(prompt.length).toBeLessThan(25_000);
    expect(results.c?.description).toBe("sum up {{b}}");
  });

  test("that says it is blocked ends so, with the reason, and no tool is called any more", async () => {
    const journal = createJournal();
    const { agent, model, events } = plannedAgent(
      [
        { id: "1", description: "charge the card" },
        { id: "2", description: "tell them", dependsOn: ["1"] },
      ],
      { tools: [journalTool(journal)] },
      {
        agent: [
          { name: "charge", args: { who: "ann" } },
          { name: "blocked", args: { reason: "the card is missing" } },
        ],
        replanner: "It is blocked.",
      },
    );
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([
      { status: "blocked", error: { code: "BLOCKED", message: "the card is missing" } },
      { status: "skipped" },
    ]);
    expect(journal.entries).toEqual([]);
    expect(model.count("agent")).toBe(1);
    expect(model.calls.at(-1)?.prompt).toContain("the card is missing");
    expect(status).toBe("incomplete");
    expect(events.map(({ type }) => type)).toContain("replanning");
  });

  test("may call tools maxToolRounds times and no more", async () => {
    const journal = createJournal();
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "charge for ever" }],
      { tools: [journalTool(journal)], executor: { maxToolRounds: 3 }, replanner: { maxReplans: 0 } },
      { agent: (_messages, _tools, call) => [{ name: "charge", args: { who: `guest ${call}` } }] },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "TOOL_ROUNDS_EXCEEDED" } }]);
    expect(journal.entries).toHaveLength(3);
    expect(model.count("agent")).toBe(4);
  });

  test("is told which tools there are where its model calls one that is not there", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "teleport" }],
      { tools: [echo] },
      { agent: answerAfterTools([{ name: "teleport", args: {} }], "walked instead") },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", output: "walked instead" }]);
    expect(model.calls.at(-2)?.prompt).toContain('There is no tool "teleport". The tools are: echo.');
  });

  test("is told what was wrong with its arguments, and of a tool that failed", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "charge" }],
      { tools: [journalTool(createJournal())] },
      { agent: answerAfterTools([{ name: "charge", args: { who: 3 } }], "gave up") },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", output: "gave up" }]);
    expect(model.calls.at(-2)?.prompt).toContain("who:");
  });

  test.each([
    ["throws", new Error("boom"), "MODEL_FAILED", "boom", 1],
    [
      "is unreachable",
      Object.assign(new Error("fetch failed"), { status: 503 }),
      "MODEL_FAILED",
      "fetch failed",
      3,
    ],
    ["answers with nothing", "", "MODEL_EMPTY", "nothing", 3],
    [
      "refuses",
      new AIMessage({ content: "", additional_kwargs: { refusal: "I will not." } }),
      "MODEL_REFUSED",
      "I will not.",
      1,
    ],
    [
      "makes a call that cannot be read",
      new AIMessage({
        content: "",
        invalid_tool_calls: [{ name: "echo", args: "no json", error: "cut off" }],
      }),
      "MODEL_UNREADABLE",
      "cannot be read",
      3,
    ],
  ])(
    "fails where its model %s, and the others are done all the same",
    async (_, answer, code, message, calls) => {
      const steps = [
        { id: "1", description: "try", dependsOn: [] },
        { id: "2", tool: "echo", args: { value: 2 }, dependsOn: [] },
      ];
      const { agent, model } = plannedAgent(
        steps,
        { tools: [echo], replanner: { maxReplans: 0 }, executor: { retry: noWait } },
        { agent: answer },
      );
      const { pastSteps, status, usage } = await agent.invoke({ input: "go" });
      const results = byId(pastSteps);
      expect(results["1"]).toMatchObject({ status: "failed", error: { code } });
      expect(results["1"]?.error?.message).toContain(message);
      expect(results["2"]?.status).toBe("done");
      expect(status).toBe("incomplete");
      expect(model.count("agent")).toBe(calls);
      expect(usage.byStep["1"]?.calls).toBe(calls);
    },
  );

  test("goes on where its model comes back after a moment, and each attempt is counted", async () => {
    let calls = 0;
    const { agent, eventsOf } = plannedAgent(
      [{ id: "1", description: "try" }],
      {},
      {
        agent: () => {
          calls += 1;
          return calls === 1 ? Object.assign(new Error("overloaded"), { status: 529 }) : "well";
        },
      },
    );
    const { pastSteps, usage } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", output: "well" }]);
    expect(eventsOf("model.retried")).toMatchObject([{ role: "executor", attempt: 2 }]);
    expect(usage.byRole.executor).toMatchObject({ calls: 2, failedCalls: 1 });
  });

  test("makes one tool call as often as its model asks for it, each with a key of its own arguments", async () => {
    const journal = createJournal();
    const same = { name: "charge", id: "same-id" };
    const { agent } = plannedAgent(
      [{ id: "1", description: "charge two" }],
      { tools: [journalTool(journal)] },
      {
        agent: (messages) => {
          const answered = messages.filter((message) => message.getType() === "tool").length;
          if (answered === 2) {
            return "both";
          }
          return [{ ...same, args: { who: answered === 0 ? "ann" : "bob" } }];
        },
      },
    );
    await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual(["ann", "bob"]);
  });
});
