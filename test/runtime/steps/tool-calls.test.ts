import { type ToolRuntime, tool } from "@langchain/core/tools";
import { InMemoryStore } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";

function createFlaky(failures: number, makeError: () => unknown) {
  let calls = 0;
  const flaky = tool(
    () => {
      calls += 1;
      if (calls <= failures) {
        throw makeError();
      }
      return `call ${calls}`;
    },
    { name: "flaky", description: "fails at first", schema: z.object({ n: z.number().optional() }) },
  );
  return { flaky, count: () => calls };
}

const busy = () => Object.assign(new Error("busy"), { status: 503 });

describe("retries", () => {
  test("a transient error is tried again, and attempts, retries and events say so", async () => {
    const { flaky } = createFlaky(1, busy);
    const { agent, eventsOf } = plannedAgent([{ id: "1", description: "try it", tool: "flaky", args: {} }], {
      tools: [flaky],
    });
    const { pastSteps } = await agent.invoke({ input: "go" });
    const retries = [
      { at: expect.stringMatching(/^\d{4}-.*Z$/), delayMs: 0, error: expect.stringContaining("busy") },
    ];
    expect(pastSteps).toMatchObject([{ status: "done", output: "call 2", attempts: 2, retries }]);
    expect(eventsOf("step.retried")).toMatchObject([{ stepId: "1", attempt: 2, delayMs: 0 }]);
    expect(eventsOf("step.retried")[0]?.error).toContain("busy");
    expect(eventsOf("step.started")).toMatchObject([
      { stepId: "1", attempt: 1, description: "try it", tool: "flaky" },
      { stepId: "1", attempt: 2, description: "try it", tool: "flaky" },
    ]);
    expect(eventsOf("step.ended")).toMatchObject([{ stepId: "1", status: "done", attempts: 2 }]);
  });

  test("after the last attempt the step has failed", async () => {
    const { flaky, count } = createFlaky(9, busy);
    const { agent } = plannedAgent([{ id: "1", tool: "flaky", args: {} }], {
      tools: [flaky],
      executor: { retry: { maxAttempts: 4, baseMs: 0 } },
      replanner: { maxReplans: 0 },
    });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", attempts: 4 }]);
    expect(count()).toBe(4);
  });

  test("an error that says nothing of itself is not tried again where the tool changes something", async () => {
    const { flaky, count } = createFlaky(1, () => new Error("who knows"));
    const { agent } = plannedAgent([{ id: "1", tool: "flaky", args: {} }], {
      tools: [flaky],
      replanner: { maxReplans: 0 },
    });
    expect((await agent.invoke({ input: "go" })).pastSteps).toMatchObject([
      { status: "failed", attempts: 1 },
    ]);
    expect(count()).toBe(1);
  });

  test("arguments that are bad once references are filled in are not tried again, and no tool is called", async () => {
    const { flaky, count } = createFlaky(0, busy);
    const steps = [
      { id: "1", tool: "echo", args: { value: "seven" } },
      { id: "2", tool: "flaky", args: { n: "{{1}}" } },
    ];
    const { agent, eventsOf } = plannedAgent(steps, { tools: [flaky, echo], replanner: { maxReplans: 0 } });
    const results = byId((await agent.invoke({ input: "go" })).pastSteps);
    expect(results["2"]).toMatchObject({ status: "failed", error: { code: "INVALID_ARGS" } });
    expect(results["2"]?.error?.message).toContain("n:");
    expect(count()).toBe(0);
    expect(eventsOf("step.retried")).toEqual([]);
  });
});

describe("a tool that is called", () => {
  test("gets an idempotency key that is the same at each attempt, as its call's id and in its config", async () => {
    const keys: unknown[] = [];
    const pay = tool(
      (_, runtime: ToolRuntime) => {
        keys.push(runtime.toolCallId, runtime.config?.configurable?.idempotency_key);
        if (keys.length === 2) {
          throw busy();
        }
        return "paid";
      },
      { name: "pay", description: "pays", schema: z.object({}) },
    );
    const { agent, eventsOf } = plannedAgent([{ id: "a", tool: "pay", args: {} }], { tools: [pay] });
    await agent.invoke({ input: "go" });
    const turnId = eventsOf("agent.started")[0]?.turnId;
    expect(turnId).toBeTruthy();
    expect(keys).toEqual(new Array(4).fill(`${turnId}:a`));
  });

  test("gets state, store, context, writer and signal", async () => {
    const seen: Record<string, unknown> = {};
    const store = new InMemoryStore();
    const look = tool(
      async (_, runtime: ToolRuntime) => {
        const { state, store: given, context, writer, signal } = runtime;
        const { turn } = z.object({ turn: z.object({ goal: z.string() }) }).parse(state);
        Object.assign(seen, { goal: turn.goal, context, signal });
        await z.custom<InMemoryStore>().parse(given).put(["notes"], "1", { text: "seen" });
        writer?.({ progress: 50 });
        return "ok";
      },
      { name: "look", description: "looks", schema: z.object({}) },
    );
    const { agent } = plannedAgent([{ id: "1", tool: "look", args: {} }], { tools: [look], store });
    const custom: unknown[] = [];
    const stream = await agent.stream(
      { input: "the goal" },
      { streamMode: "custom", context: { concurrency: 3 } },
    );
    for await (const chunk of stream) {
      custom.push(chunk);
    }
    expect(seen).toMatchObject({ goal: "the goal", context: { concurrency: 3 } });
    expect(seen.signal).toBeInstanceOf(AbortSignal);
    expect((await store.get(["notes"], "1"))?.value).toEqual({ text: "seen" });
    expect(custom).toContainEqual({ progress: 50 });
  });
});

describe("checkOutput", () => {
  const checks = {
    echo: ["not-empty", "no-error-text", (output: unknown) => (output === 13 ? "13 is unlucky" : undefined)],
  } as const;

  test.each([
    ["", "empty"],
    [[], "empty"],
    ["Error: not found", "is an error"],
    [{ error: "not found" }, "not found"],
    [13, "13 is unlucky"],
  ])("makes a step whose output is %j unexpected, which skips what is behind it", async (value, message) => {
    const steps = [
      { id: "1", tool: "echo", args: { value } },
      { id: "2", tool: "echo", args: { value: "{{1}}" } },
    ];
    const { agent } = plannedAgent(steps, {
      tools: [echo],
      executor: { checkOutput: checks },
      replanner: { maxReplans: 0 },
    });
    const { pastSteps, status, outcome } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([
      { status: "unexpected", error: { code: "UNEXPECTED_OUTPUT" } },
      { status: "skipped", error: { code: "DEPENDENCY_FAILED" } },
    ]);
    expect(pastSteps[0]?.error?.message).toContain(message);
    expect(status).toBe("incomplete");
    expect(outcome?.failed.map(({ id }) => id)).toEqual(["1"]);
  });

  test("lets through what passes it, and a check that throws does not", async () => {
    const checkOutput = {
      echo: (output: unknown) => {
        if (output === "bad") {
          throw new Error("cannot say");
        }
        return undefined;
      },
    };
    const steps = ["good", "bad"].map((value) => ({
      id: value,
      tool: "echo",
      args: { value },
      dependsOn: [],
    }));
    const { agent } = plannedAgent(steps, {
      tools: [echo],
      executor: { checkOutput },
      replanner: { maxReplans: 0 },
    });
    const results = byId((await agent.invoke({ input: "go" })).pastSteps);
    expect(results.good?.status).toBe("done");
    expect(results.bad).toMatchObject({ status: "unexpected" });
    expect(results.bad?.error?.message).toContain("cannot say");
  });
});
