import { createMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import type { PlanExecuteOptions } from "../../src/agent/index.js";
import { type ModelReply, planReply } from "../support/openai-server.js";
import { expectWhole } from "../support/whole-events.js";
import { finish, look, setUp, thread } from "./early-agent.js";

/** A step of an agent that needs nothing of the rest of the plan. */
const find = (fields: object = {}) => ({
  id: "1",
  description: "find a",
  tools: ["look"],
  dependsOn: [],
  ...fields,
});
/** The second step gives the plan a text behind the first. */
const planOf = (step: object, answer = "It is {{1}}.") =>
  planReply([step, look("2", "something that is looked at late")], answer);
const calls: ModelReply = { calls: [{ name: "look", args: { name: "a" } }] };
const found: ModelReply = { text: "found a" };

/** Lets everything happen that can happen while the plan is held. */
async function pass() {
  for (let turns = 0; turns < 50; turns += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

describe("while the plan is still being written", () => {
  it("an agent with reading tools works that waits for nothing; the executor takes over its result", async () => {
    const { agent, server, journal, pieces, written, events } = await setUp(planOf(find()), { holdAt: 0.5 }, [
      calls,
      found,
    ]);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await expect.poll(() => server.requests.length, { interval: 5 }).toBe(3);
    await pass();
    expect(journal.entries).toEqual(["a"]);
    expect(events.filter(({ type }) => type.startsWith("step."))).toEqual([]);
    const { status, response } = await finish(run, written);
    expect([status, response]).toEqual(["done", "It is found a."]);
    expect(server.requests).toHaveLength(3);
    const { values } = await agent.getState(thread);
    expect(values.usage).toMatchObject({ calls: 3, inputTokens: 30, outputTokens: 15 });
    expect(values.pastSteps).toMatchObject([
      { id: "1", status: "done", output: "found a" },
      { id: "2", status: "done" },
    ]);
    expect(events.find(({ type }) => type === "tool.called")).toMatchObject({ stepId: "1", early: true });
    const noted = events.flatMap((event) =>
      event.type === "tool.called" ? [{ tool: event.tool, args: event.args, key: event.idempotencyKey }] : [],
    );
    expectWhole(events, noted);
  });

  it("an agent that is still at work is waited for", async () => {
    const { agent, journal, pieces, written, hanging } = await setUp(planOf(find()), { hangs: "a" }, [
      calls,
      found,
    ]);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("a");
    written.resolve();
    await journal.seen("something that is looked at late");
    hanging.resolve("at last");
    expect((await run).response).toBe("It is found a.");
    expect(journal.count("a")).toBe(1);
  });

  it("the caller's abort ends it", async () => {
    const { agent, journal, pieces, written } = await setUp(planOf(find()), { hangs: "a" }, [calls, found]);
    const abort = new AbortController();
    const run = agent.invoke({ input: "go" }, { ...thread, signal: abort.signal });
    await pieces.seen("held");
    await journal.seen("a");
    abort.abort();
    await expect(run).rejects.toThrow();
    await journal.seen("a aborted");
    written.resolve();
  });

  it.each<[string, object, PlanExecuteOptions]>([
    ["where the switch is off", {}, { planner: { actEarly: false } }],
    ["where tokens are limited", {}, { limits: { maxTokens: 100_000 } }],
    [
      "where a middleware is there",
      {},
      { executor: { middleware: [createMiddleware({ name: "Idle", beforeModel: () => undefined })] } },
    ],
    ["if it may act", { tools: ["look", "post"] }, {}],
    ["if it has all tools", { tools: undefined }, {}],
    ["if it comes after others", { dependsOn: undefined }, {}],
    ["if it has a condition", { if: "1 < 2" }, {}],
  ])("it does not start %s", async (_when, fields, options) => {
    const { agent, server, pieces, written } = await setUp(
      planOf(find(fields)),
      { holdAt: 0.5, ...options },
      [calls, found],
    );
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await pass();
    expect(server.requests).toHaveLength(1);
    expect((await finish(run, written)).response).toBe("It is found a.");
    expect(server.requests).toHaveLength(3);
  });
});

describe("what an agent used counts that nobody takes over", () => {
  it("where the plan turns out invalid", async () => {
    const broken = planReply([find(), { id: "2", tool: "nothing", args: {} }, look("3", "never")]);
    const { agent, journal, pieces, written } = await setUp(broken, { holdAt: 0.5 }, [
      calls,
      found,
      planReply([look("1", "other")], "1"),
    ]);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await journal.seen("a");
    await pass();
    expect((await finish(run, written)).response).toBe("saw other");
    expect((await agent.getState(thread)).values.usage.calls).toBe(4);
  });

  it.each<[string, ModelReply]>([
    ["is the answer", planOf(find(), "1")],
    [
      "is a condition",
      planReply([find(), { ...look("2", "late, if it is so"), if: "{{1}}" }], "It is {{1}}."),
    ],
  ])("where its output %s, which it did not know; the executor runs it again", async (_what, plan) => {
    const { agent, server, pieces, written } = await setUp(plan, { holdAt: 0.6 }, [
      calls,
      found,
      calls,
      { text: "true" },
    ]);
    const run = agent.invoke({ input: "go" }, thread);
    await pieces.seen("held");
    await expect.poll(() => server.requests.length, { interval: 5 }).toBe(3);
    await pass();
    expect((await finish(run, written)).response).toMatch(/true$|true\.$/);
    expect((await agent.getState(thread)).values.usage.calls).toBe(5);
  });
});
