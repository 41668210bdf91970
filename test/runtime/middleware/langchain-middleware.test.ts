import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type AgentMiddleware,
  ClearToolUsesEdit,
  contextEditingMiddleware,
  modelFallbackMiddleware,
  piiMiddleware,
  summarizationMiddleware,
  toolCallLimitMiddleware,
} from "langchain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { createCheckpointer } from "../../../src/checkpoint/index.js";
import { chargingAgent, itemIn, journalTool } from "../../support/agent-run.js";
import { approve, decide, isWaiting, requestOf } from "../../support/approval.js";
import { createJournal, type Journal } from "../../support/deferred.js";
import {
  type Script,
  type ScriptByRole,
  ScriptedModel,
  scriptedByRole,
} from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const STEP = [{ id: "1", description: "charge them" }];
const charge = (who: string) => [{ name: "charge", args: { who } }];

/** The directory of the databases. */
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "middleware-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** An agent that charges, each call of which waits, and the journal of what was charged. */
function setUp(
  middleware: () => readonly AgentMiddleware[],
  agentScript: ScriptByRole["agent"],
  {
    steps = STEP,
    ...options
  }: Omit<PlanExecuteOptions, "model"> & { journal?: Journal; steps?: readonly unknown[] } = {},
) {
  const executor = { middleware: middleware(), ...options.executor };
  return chargingAgent(steps, { ...options, executor }, { agent: agentScript });
}

/** Calls in turn, by how many tools have answered in all; then says what it was told last. */
const inTurn = (
  ...calls: readonly (readonly { name: string; args: Record<string, unknown> }[])[]
): Script => {
  let asked = 0;
  return (messages) => {
    const call = calls[asked];
    asked += 1;
    return call ?? `done: ${messages.at(-1)?.text}`;
  };
};

describe("summarizationMiddleware", () => {
  test("shortens the transcript of an agent step; its model is counted, and rounds are not forgotten", async () => {
    const summaries = new ScriptedModel(() => "ann and bob were charged");
    const middleware = () => [
      summarizationMiddleware({ model: summaries, trigger: { messages: 5 }, keep: { messages: 2 } }),
    ];
    const { agent, journal, model } = setUp(middleware, inTurn(charge("ann"), charge("bob"), charge("cid")));
    let output = await agent.invoke({ input: "go" }, config);
    for (const who of ["ann", "bob", "cid"]) {
      expect(requestOf(output).actionRequests).toMatchObject([{ name: "charge", args: { who } }]);
      expect(journal.count(who)).toBe(0);
      output = await agent.invoke(decide(approve), config);
    }
    expect(output.pastSteps).toMatchObject([{ status: "done", output: "done: charged cid" }]);
    expect(journal.entries).toEqual(["ann", "bob", "cid"]);
    expect(summaries.calls.length).toBe(2);
    expect(model.calls.filter(({ role }) => role === "agent").at(-1)?.prompt).toContain(
      "ann and bob were charged",
    );
    expect(output.usage.byStep).toMatchObject({ 1: { calls: 6, inputTokens: 60 } });
  });

  test("does not make the rounds of calls begin anew, also not after a wait", async () => {
    const summaries = new ScriptedModel(() => "some were charged");
    const middleware = () => [
      summarizationMiddleware({ model: summaries, trigger: { messages: 4 }, keep: { messages: 1 } }),
    ];
    const journal = createJournal();
    const { agent } = setUp(middleware, charge("ann"), {
      executor: { maxToolRounds: 3 },
      tools: [journalTool(journal, "charge", { repeatable: true })],
    });
    const output = await (async () => {
      let last = await agent.invoke({ input: "go" }, config);
      for (let round = 0; round < 9 && isWaiting(last); round++) {
        last = await agent.invoke(decide(approve), config);
      }
      return last;
    })();
    expect(output.pastSteps).toMatchObject([{ error: { code: "TOOL_ROUNDS_EXCEEDED" } }]);
    expect(journal.count("ann")).toBe(3);
  });

  test("cannot have its model called past a limit", async () => {
    const summaries = new ScriptedModel(() => "nothing");
    const middleware = () => [
      summarizationMiddleware({ model: summaries, trigger: { messages: 3 }, keep: { messages: 1 } }),
    ];
    const { agent, model } = setUp(middleware, inTurn([{ name: "echo", args: { value: 1 } }]), {
      limits: { maxModelCalls: 2 },
    });
    const { pastSteps, usage } = await agent.invoke({ input: "go" }, config);
    expect(summaries.calls.length).toBe(0);
    expect(model.count("agent")).toBe(1);
    expect(usage.calls).toBe(2);
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "LIMIT_REACHED" } }]);
  });
});

describe("piiMiddleware", () => {
  test("redacts the task and what tools answer, in what the model is told and in what waits", async () => {
    const middleware = () => [piiMiddleware("email", { applyToToolResults: true })];
    const { agent, model, journal } = setUp(
      middleware,
      inTurn([{ name: "echo", args: { value: "bob@example.com" } }], charge("ann")),
      { steps: [{ id: "1", description: "write to ann@example.com" }] },
    );
    await agent.invoke({ input: "go" }, config);
    const kept = JSON.stringify((await agent.getState(config)).values.suspended);
    expect(kept).toContain("[REDACTED_EMAIL]");
    expect(kept).not.toContain("ann@example.com");
    const { pastSteps } = await agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann"]);
    expect(pastSteps).toMatchObject([{ status: "done", output: "done: charged ann" }]);
    for (const { prompt } of model.calls.filter(({ role }) => role === "agent")) {
      expect(prompt).not.toContain("ann@example.com");
      // The task stands in its tags still.
      expect(prompt).toContain("<task>\nwrite to [REDACTED_EMAIL]\n</task>");
    }
    const last = model.calls.filter(({ role }) => role === "agent").at(-1);
    expect(last?.prompt).not.toContain("bob@example.com");
  });

  test("that blocks fails the step, and says whose doing it is", async () => {
    const middleware = () => [piiMiddleware("email", { strategy: "block" })];
    const { agent, model } = setUp(middleware, "done", {
      steps: [{ id: "1", description: "write to ann@example.com" }],
    });
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(pastSteps[0]?.error).toMatchObject({ code: "STEP_FAILED" });
    expect(pastSteps[0]?.error?.message).toMatch(
      /^The middleware "PIIMiddleware\[email\]" failed in beforeModel: /,
    );
    expect(model.count("agent")).toBe(0);
  });

  test("redacts the answer, which is the step's output", async () => {
    const middleware = () => [piiMiddleware("email", { applyToOutput: true })];
    const { agent } = setUp(middleware, "it is ann@example.com");
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(pastSteps).toMatchObject([{ output: "it is [REDACTED_EMAIL]" }]);
  });
});

describe("toolCallLimitMiddleware", () => {
  test("counts over a wait and in another process", async () => {
    const url = `sqlite:${join(folder, "limit.db")}`;
    const journal = createJournal();
    const script = inTurn(charge("ann"), charge("bob"));
    const open = async () => {
      const { checkpointer } = await createCheckpointer(url);
      return setUp(() => [toolCallLimitMiddleware({ runLimit: 1 })], script, { checkpointer, journal });
    };
    const { agent } = await open();
    const first = await agent.invoke({ input: "go" }, config);
    expect(requestOf(first).actionRequests).toMatchObject([{ args: { who: "ann" } }]);
    const { values } = await agent.getState(config);
    expect(values.suspended).toMatchObject([{ middleware: { runToolCallCount: { __all__: 1 } } }]);
    const { pastSteps, usage } = await (await open()).agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann"]);
    expect(pastSteps).toMatchObject([{ status: "done", output: expect.stringContaining("limit exceeded") }]);
    expect(usage.byStep).toMatchObject({ 1: { calls: 3 } });
  });

  test("that ends the agent ends the step with what it says", async () => {
    const middleware = () => [toolCallLimitMiddleware({ runLimit: 1, exitBehavior: "end" })];
    const { agent, journal } = setUp(middleware, inTurn(charge("ann"), charge("bob")));
    await agent.invoke({ input: "go" }, config);
    const { pastSteps } = await agent.invoke(decide(approve), config);
    expect(journal.entries).toEqual(["ann"]);
    expect(pastSteps).toMatchObject([
      { status: "done", output: expect.stringContaining("call limit reached") },
    ]);
  });
});

describe("contextEditingMiddleware", () => {
  test("clears old answers of tools in what the model is told, before and after a wait", async () => {
    const middleware = () => [
      contextEditingMiddleware({
        edits: [new ClearToolUsesEdit({ trigger: { messages: 1 }, keep: { messages: 1 } })],
      }),
    ];
    const { agent, model, journal } = setUp(
      middleware,
      inTurn([{ name: "echo", args: { value: "a long text" } }], charge("ann")),
    );
    await agent.invoke({ input: "go" }, config);
    const { pastSteps } = await agent.invoke(decide(approve), config);
    expect(pastSteps).toMatchObject([{ status: "done", output: "done: charged ann" }]);
    expect(journal.entries).toEqual(["ann"]);
    const [, second, third] = model.calls.filter(({ role }) => role === "agent");
    const answersIn = (call: typeof second) =>
      call?.messages.filter((message) => message.getType() === "tool").map(({ text }) => text);
    expect(answersIn(second)).toEqual(["a long text"]);
    expect(answersIn(third)).toEqual(["[cleared]", "charged ann"]);
  });
});

describe("modelFallbackMiddleware", () => {
  test("asks its model where the role's fails, within the limits and counted", async () => {
    const script = inTurn(charge("ann"));
    const other = scriptedByRole({ agent: script });
    const { agent, journal, model } = setUp(() => [modelFallbackMiddleware(other)], new Error("down"));
    const first = await agent.invoke({ input: "go" }, config);
    expect(requestOf(first).actionRequests).toMatchObject([{ args: { who: "ann" } }]);
    const { pastSteps, usage } = await agent.invoke(decide(approve), config);
    expect(pastSteps).toMatchObject([{ status: "done", output: "done: charged ann" }]);
    expect(journal.entries).toEqual(["ann"]);
    expect([model.count("agent"), other.count("agent")]).toEqual([2, 2]);
    expect(usage.byStep).toMatchObject({ 1: { calls: 4, failedCalls: 2 } });
  });

  test("does not get past a limit", async () => {
    const other = scriptedByRole({ agent: "done" });
    const { agent } = setUp(() => [modelFallbackMiddleware(other)], new Error("down"), {
      limits: { maxModelCalls: 2 },
    });
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(other.count()).toBe(0);
    expect(pastSteps).toMatchObject([{ error: { code: "LIMIT_REACHED" } }]);
  });
});

test("all five work together, item by item of a for-each step, over a wait and a new process", async () => {
  const url = `sqlite:${join(folder, "all.db")}`;
  const journal = createJournal();
  const summaries = new ScriptedModel(() => "one was charged");
  const spare = scriptedByRole({
    agent: (messages) => {
      const who = String(itemIn(messages));
      return messages.at(-1)?.getType() === "tool" ? `done ${who}` : charge(who);
    },
  });
  const middleware = () => [
    modelFallbackMiddleware(spare),
    contextEditingMiddleware({ edits: [new ClearToolUsesEdit({ trigger: { messages: 1 } })] }),
    toolCallLimitMiddleware({ runLimit: 1 }),
    piiMiddleware("email"),
    summarizationMiddleware({ model: summaries, trigger: { messages: 10 } }),
  ];
  const steps = [
    { id: "list", tool: "echo", args: { value: ["ann", "bob"] } },
    { id: "each", description: "charge {{item}}", forEach: "{{list}}", dependsOn: ["list"] },
  ];
  const open = async () =>
    setUp(middleware, new Error("down"), {
      steps,
      journal,
      checkpointer: (await createCheckpointer(url)).checkpointer,
    });
  const first = await (await open()).agent.invoke({ input: "go" }, config);
  expect(
    requestOf(first)
      .actionRequests.map(({ args }) => args.who)
      .sort(),
  ).toEqual(["ann", "bob"]);
  const { pastSteps } = await (await open()).agent.invoke(decide(approve, approve), config);
  expect(pastSteps).toMatchObject([{ id: "list" }, { id: "each", output: ["done ann", "done bob"] }]);
  expect([...journal.entries].sort()).toEqual(["ann", "bob"]);
});
