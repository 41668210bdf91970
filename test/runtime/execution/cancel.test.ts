import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type Script, scriptedByRole } from "../../support/scripted-model.js";

const trouble: unknown[] = [];
const listen = (reason: unknown) => trouble.push(reason);

beforeEach(() => {
  trouble.length = 0;
  process.on("unhandledRejection", listen);
  process.on("warning", listen);
});

afterEach(async () => {
  for (let turn = 0; turn < 5; turn += 1) {
    await nextTurn();
  }
  process.off("unhandledRejection", listen);
  process.off("warning", listen);
  expect(trouble).toEqual([]);
});

/** Where a run is when its caller aborts it. */
const moments = [
  "planner's call",
  "planner's retry wait",
  "direct step's tool",
  "direct step's retry wait",
  "call step's model",
  "item's tool",
  "agent's first call",
  "agent's tool",
  "agent's second call",
  "replanner's call",
  "answer's call",
] as const;

const steps = [
  { id: "list", tool: "work", args: { name: "list" }, dependsOn: [] },
  { id: "direct", tool: "work", args: { name: "direct" }, dependsOn: ["list"] },
  { id: "call", description: "call", tool: "work", dependsOn: ["list"] },
  { id: "each", tool: "work", args: { name: "item {{item}}" }, forEach: "{{list}}" },
  { id: "agent", description: "think", dependsOn: ["list"] },
];
const ITEMS = ["0", "1", "2", "3"];

/** An agent whose caller aborts it at a moment, once for each time that is left. */
function setUp(moment: (typeof moments)[number] | undefined, times = 1) {
  const journal = createJournal();
  const thread = { configurable: { thread_id: "1" } };
  let controller = new AbortController();
  let left = times;
  const isAt = (now: string) => now === moment && left > 0;
  const abort = () => {
    left -= 1;
    controller.abort(new Error("the caller has gone"));
  };
  /** Aborts the run and hangs for ever, whatever the signal says. */
  const reach = async (now: string): Promise<void> => {
    if (!isAt(now)) {
      return;
    }
    abort();
    await new Promise<never>(() => {});
  };
  const busy = () => Object.assign(new Error("busy"), { status: 503 });
  const asked =
    (now: string, answer: Script): Script =>
    async (...args) => {
      journal.add(now);
      await reach(now);
      return answer(...args);
    };
  const work = tool(
    async ({ name }) => {
      if (name === "direct" && isAt("direct step's retry wait")) {
        throw busy();
      }
      journal.add(`start ${name}`);
      if (name === "direct") {
        await reach("direct step's tool");
      }
      if (name === "item 1") {
        await reach("item's tool");
      }
      if (name === "by agent") {
        await reach("agent's tool");
      }
      journal.add(`end ${name}`);
      return name === "list" ? ITEMS : name;
    },
    {
      name: "work",
      description: "works",
      schema: z.object({ name: z.string() }),
      metadata: { readOnly: true },
    },
  );
  const planned = plannedAgent(
    steps,
    {
      tools: [work],
      checkpointer: new MemorySaver(),
      // What runs while the plan is written is cut off with the plan: that has tests of its own.
      planner: { actEarly: false },
      executor: { concurrency: 2, retry: { baseMs: 600_000, maxMs: 600_000 } },
      answer:
        moment === "answer's call"
          ? { model: scriptedByRole({ answer: asked("answer's call", () => "the answer") }) }
          : {},
      onEvent: (event) => {
        events.push(event);
        const isWait = event.type === "step.retried" || event.type === "model.retried";
        if (isWait && moment?.endsWith("wait")) {
          abort();
        }
      },
    },
    {
      planner: asked("planner's call", () => (isAt("planner's retry wait") ? busy() : planCall(steps))),
      call: asked("call step's model", () => [{ name: "work", args: { name: "called" } }]),
      agent: (messages, ...others) => {
        const hasCalled = messages.some((message) => message.getType() === "tool");
        return hasCalled
          ? asked("agent's second call", () => "thought")(messages, ...others)
          : asked("agent's first call", () => [{ name: "work", args: { name: "by agent" } }])(
              messages,
              ...others,
            );
      },
      replanner: asked("replanner's call", () => "the answer"),
    },
  );
  const events: { type: string; stepId?: string; inFlight?: readonly string[] }[] = [];
  const run = (input: { input: string } | null) => {
    controller = new AbortController();
    return planned.agent.invoke(input, { ...thread, signal: controller.signal });
  };
  const listeners = () => getEventListeners(controller.signal, "abort").length;
  return { ...planned, events, journal, run, listeners, thread };
}

/** The calls of tools that the model was shown without an answer to them. */
function danglingCalls(messages: readonly BaseMessage[]): string[] {
  const answered = new Set(
    messages.map((message) => ("tool_call_id" in message ? message.tool_call_id : "")),
  );
  const calls = messages.flatMap((message) => (isAIMessage(message) ? (message.tool_calls ?? []) : []));
  return calls.flatMap(({ id, name }) => (answered.has(id) ? [] : [name]));
}

const outputs = (results: readonly { id: string; output?: unknown }[]) =>
  Object.fromEntries(results.map(({ id, output }) => [id, output]));

describe("a run that is aborted during the", () => {
  test.each(moments)("%s ends at once, says so, and goes on later from where it was", async (moment) => {
    const { run, events, journal, model, listeners } = setUp(moment);
    await expect(run({ input: "go" })).rejects.toThrow("the caller has gone");
    for (let turn = 0; turn < 5; turn += 1) {
      await nextTurn();
    }
    expect(listeners()).toBe(0);
    expect(events.filter(({ type }) => type === "agent.cancelled")).toHaveLength(1);
    const finished = events.flatMap(({ type, stepId }) => (type === "step.ended" ? [stepId] : []));
    const callsBefore = model.calls.length;

    const { status, pastSteps, response } = await run(null);
    expect(status).toBe("done");
    expect(response).toBe("the answer");
    expect(outputs(pastSteps)).toEqual({
      list: ITEMS,
      direct: "direct",
      call: "called",
      each: ITEMS.map((item) => `item ${item}`),
      agent: "thought",
    });
    if (finished.includes("list")) {
      expect(journal.count("start list")).toBe(1);
    }
    if (finished.includes("direct")) {
      expect(journal.count("end direct")).toBe(1);
    }
    if (finished.includes("call")) {
      expect(journal.count("call step's model")).toBe(1);
    }
    if (finished.includes("agent")) {
      expect(journal.count("agent's first call")).toBe(1);
    }
    if (!moment.startsWith("planner")) {
      expect(journal.count("planner's call")).toBe(1);
    }
    for (const { messages } of model.calls.slice(callsBefore)) {
      expect(danglingCalls(messages)).toEqual([]);
    }
  });
});

test("a tool that was at work is named, with the key under which its work can be looked for", async () => {
  const { run, events } = setUp("direct step's tool");
  await expect(run({ input: "go" })).rejects.toThrow("the caller has gone");
  await nextTurn();
  const [cancelled] = events.filter(({ type }) => type === "agent.cancelled");
  expect(cancelled?.inFlight).toContain("direct");
  const left = events.filter(({ type }) => type === "tool.left-behind");
  expect(left).toMatchObject([
    {
      stepId: "direct",
      tool: "work",
      idempotencyKey: expect.stringMatching(/:direct$/),
      reason: "the caller has gone",
    },
  ]);
  expect(events.filter(({ type }) => type === "agent.completed")).toEqual([]);
});

test("a run that is aborted twice goes on all the same", async () => {
  const { run, journal, events } = setUp("direct step's tool", 2);
  await expect(run({ input: "go" })).rejects.toThrow("the caller has gone");
  await expect(run(null)).rejects.toThrow("the caller has gone");
  expect((await run(null)).status).toBe("done");
  expect(journal.count("start list")).toBe(1);
  expect(journal.count("start direct")).toBe(3);
  expect(events.filter(({ type }) => type === "agent.cancelled")).toHaveLength(2);
});

test("a signal that has aborted already starts nothing, and the thread is as it was", async () => {
  const { agent, run, model, journal, thread } = setUp(undefined);
  const signal = AbortSignal.abort(new Error("gone before"));
  await expect(agent.invoke({ input: "go" }, { ...thread, signal })).rejects.toThrow("gone before");
  expect(model.calls).toEqual([]);
  expect(journal.entries).toEqual([]);
  expect((await run({ input: "go" })).status).toBe("done");
});

test("of steps that wait for a slot none is started", async () => {
  const { run, journal } = setUp("item's tool");
  await expect(run({ input: "go" })).rejects.toThrow("the caller has gone");
  const started = [...journal.entries];
  for (let turn = 0; turn < 5; turn += 1) {
    await nextTurn();
  }
  expect(journal.entries.filter((entry) => entry.startsWith("start"))).toEqual(
    started.filter((entry) => entry.startsWith("start")),
  );
  expect(journal.count("start item 3")).toBe(0);
});
