import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { tool } from "@langchain/core/tools";
import { MemorySaver, StateGraph } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { echo, plannedAgent } from "../support/agent-run.js";
import { approve, decide } from "../support/approval.js";

const warnings: Error[] = [];
const listen = (warning: Error) => warnings.push(warning);

beforeEach(() => {
  warnings.length = 0;
  process.on("warning", listen);
});

afterEach(() => {
  process.off("warning", listen);
  expect(warnings).toEqual([]);
});

const steps = [
  { id: "1", tool: "echo", args: { value: 1 } },
  { id: "2", description: "think", dependsOn: [] },
];
const RUNS = 15;

function setUp(options: Parameters<typeof plannedAgent>[1] = {}) {
  const controller = new AbortController();
  const listeners = async () => {
    await nextTurn();
    return getEventListeners(controller.signal, "abort").length;
  };
  const { signal } = controller;
  return {
    ...plannedAgent(steps, { tools: [echo], ...options }, { agent: "thought" }),
    controller,
    signal,
    listeners,
  };
}

describe("a caller's signal that many runs share has no listener of theirs when they are over", () => {
  test("invoked", async () => {
    const { agent, signal, listeners } = setUp();
    for (let run = 0; run < RUNS; run += 1) {
      await agent.invoke({ input: "go" }, { signal });
    }
    expect(await listeners()).toBe(0);
  });

  test("with another config", async () => {
    const { agent, signal, listeners } = setUp();
    const tagged = agent.withConfig({ tags: ["mine"] });
    for (let run = 0; run < RUNS; run += 1) {
      await tagged.invoke({ input: "go" }, { signal });
    }
    expect(await listeners()).toBe(0);
  });

  test("streamed to the end", async () => {
    const { agent, signal, listeners } = setUp();
    for await (const _ of await agent.stream({ input: "go" }, { signal })) {
    }
    expect(await listeners()).toBe(0);
  });

  test("streamed, and cancelled by the stream", async () => {
    const { agent, signal, listeners, eventsOf } = setUp();
    await (await agent.stream({ input: "go" }, { signal })).cancel();
    expect(await listeners()).toBe(0);
    expect(eventsOf("agent.completed")).toEqual([]);
  });

  test("streamed, and never looked at", async () => {
    const { agent, signal, listeners, eventsOf } = setUp();
    await agent.stream({ input: "go" }, { signal });
    while (eventsOf("agent.completed").length === 0) {
      await nextTurn();
    }
    while ((await listeners()) > 0) {
      await nextTurn();
    }
  });

  test("failed", async () => {
    const { agent, signal, listeners } = setUp();
    await expect(agent.invoke({ input: " " }, { signal })).rejects.toThrow("blank");
    expect(await listeners()).toBe(0);
  });

  test("waiting for a person, and gone on with", async () => {
    const options = { checkpointer: new MemorySaver(), approval: { tools: { echo: true } } };
    const { agent, signal, listeners } = setUp(options);
    const config = { configurable: { thread_id: "1" }, signal };
    await agent.invoke({ input: "go" }, config);
    expect(await listeners()).toBe(0);
    expect((await agent.invoke(decide(approve), config)).status).toBe("done");
    expect(await listeners()).toBe(0);
  });

  test("cancelled", async () => {
    const controller = new AbortController();
    const hang = tool(
      () => {
        controller.abort(new Error("gone"));
        return new Promise<string>(() => {});
      },
      { name: "echo", description: "hangs", schema: z.object({ value: z.any() }) },
    );
    const { agent } = setUp({ tools: [hang] });
    await expect(agent.invoke({ input: "go" }, { signal: controller.signal })).rejects.toThrow("gone");
    await nextTurn();
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });
});

test("as a node of another graph the agent still ends with the other's signal", async () => {
  const controller = new AbortController();
  const { agent } = plannedAgent(
    [{ id: "1", description: "think" }],
    {},
    {
      agent: () => {
        controller.abort(new Error("gone"));
        return new Promise(() => {});
      },
    },
  );
  const outer = new StateGraph(z.object({ input: z.string() }))
    .addNode("inner", agent)
    .addEdge("__start__", "inner")
    .compile();
  await expect(outer.invoke({ input: "go" }, { signal: controller.signal })).rejects.toThrow("gone");
});
