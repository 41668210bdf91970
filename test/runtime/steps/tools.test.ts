import { ToolMessage } from "@langchain/core/messages/tool";
import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";

type Work = (args: { value?: unknown }, runtime: unknown) => unknown;

/** Runs one step of a tool beside a sound one, and gives what was kept of it. */
async function runTool(
  work: Work,
  fields: { responseFormat?: string; metadata?: Record<string, unknown> } = {},
) {
  const odd = tool(work, { name: "odd", description: "does as it likes", schema: z.object({}), ...fields });
  const steps = [
    { id: "1", tool: "odd", args: {}, dependsOn: [] },
    { id: "2", tool: "echo", args: { value: "sound" }, dependsOn: [] },
  ];
  const checkpointer = new MemorySaver();
  const planned = plannedAgent(steps, { tools: [odd, echo], checkpointer, replanner: { maxReplans: 0 } });
  const config = { configurable: { thread_id: "1" } };
  const { pastSteps } = await planned.agent.invoke({ input: "go" }, config);
  const { messages: _, ...values } = (await planned.agent.getState(config)).values;
  const results = byId(pastSteps);
  expect(results["2"]).toMatchObject({ status: "done", output: "sound" });
  expect(JSON.parse(JSON.stringify(values))).toEqual(values);
  return { ...planned, result: results["1"], bytes: JSON.stringify(values).length };
}

const raise = (thrown: unknown) => () => {
  throw thrown;
};

describe("what a tool throws fails its step alone", () => {
  test.each([
    ["an Error", new Error("no luck"), "no luck"],
    ["a string", "no luck", "no luck"],
    ["undefined", undefined, "it gave no reason"],
    ["an object with a cycle", Object.assign(new Error("round"), { self: {} }), "round"],
  ])("%s", async (_, thrown, message) => {
    const { result } = await runTool(raise(thrown));
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED" }, attempts: 1 });
    expect(result?.error?.message).toContain(message);
  });

  test("a rejection", async () => {
    const { result } = await runTool(() => Promise.reject(new Error("later")));
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED" } });
  });
});

describe("what a tool returns is kept as plain JSON", () => {
  const cycle: Record<string, unknown> = { name: "cycle" };
  cycle.self = cycle;

  test.each([
    ["a cycle", cycle, (output: unknown) => expect(output).toMatchObject({ name: "cycle" })],
    ["a BigInt", 12n, (output: unknown) => expect(output).toBe("12")],
    ["a Date", new Date(0), (output: unknown) => expect(output).toBe("1970-01-01T00:00:00.000Z")],
    ["a Buffer", Buffer.from("hi"), (output: unknown) => expect(JSON.stringify(output)).toContain("aGk=")],
    ["nothing", undefined, (output: unknown) => expect(output ?? null).toBeNull()],
    ["a function", () => 1, (output: unknown) => expect(output ?? null).toBeNull()],
    ["not a number", Number.NaN, (output: unknown) => expect(output).toBe("NaN")],
  ])("%s", async (_, value, check) => {
    const { result } = await runTool(() => value);
    expect(result?.status).toBe("done");
    check(result?.output);
  });

  test("50 MB are cut to what the state keeps, and the result says so", async () => {
    const { result, bytes } = await runTool(() => "x".repeat(50_000_000));
    expect(result).toMatchObject({ status: "done", truncated: true });
    expect(bytes).toBeLessThan(300_000);
  });

  test("content with an artifact, each in its place", async () => {
    const { result } = await runTool(() => ["the content", { rows: [1, 2] }], {
      responseFormat: "content_and_artifact",
    });
    expect(result).toMatchObject({ status: "done", output: "the content", artifact: { rows: [1, 2] } });
  });

  test("a ToolMessage by its content", async () => {
    const { result } = await runTool(() => new ToolMessage({ content: '{"a":1}', tool_call_id: "any" }));
    expect(result).toMatchObject({ status: "done", output: { a: 1 } });
  });

  test("a ToolMessage with the status error as a failure", async () => {
    const { result } = await runTool(
      () => new ToolMessage({ content: "out of stock", tool_call_id: "any", status: "error" }),
    );
    expect(result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED" } });
    expect(result?.error?.message).toContain("out of stock");
  });

  test("a Command by the ToolMessage of its call, and as a failure where it would steer the graph", async () => {
    const withMessage: Work = (_, runtime) => {
      const id = z.object({ toolCallId: z.string() }).parse(runtime).toolCallId;
      return new Command({ update: { messages: [new ToolMessage({ content: "fine", tool_call_id: id })] } });
    };
    expect((await runTool(withMessage)).result).toMatchObject({ status: "done", output: "fine" });
    const steering = await runTool(() => new Command({ goto: "planner" }));
    expect(steering.result).toMatchObject({ status: "failed", error: { code: "TOOL_FAILED" } });
    expect(steering.result?.error?.message).toContain("goto");
  });
});

describe("a tool that takes too long", () => {
  test("is left behind, though it never settles and ignores its signal", async () => {
    let calls = 0;
    const hang = tool(
      () => {
        calls += 1;
        return new Promise<string>(() => {});
      },
      { name: "hang", description: "hangs", schema: z.object({}) },
    );
    const steps = [
      { id: "1", tool: "hang", args: {}, dependsOn: [] },
      { id: "2", tool: "echo", args: { value: 1 }, dependsOn: [] },
    ];
    const { agent } = plannedAgent(steps, {
      tools: [hang, echo],
      executor: { stepTimeoutMs: 5 },
      replanner: { maxReplans: 0 },
    });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(byId(pastSteps)).toMatchObject({
      1: { status: "failed", error: { code: "TIMEOUT" }, attempts: 1 },
      2: { status: "done" },
    });
    expect(calls).toBe(1);
  });

  test("is told by its signal, and tried again where it only reads", async () => {
    const aborted: unknown[] = [];
    const hang = tool(
      (_, { signal }) => {
        return new Promise<string>((_resolve, reject) => {
          signal?.addEventListener("abort", () => {
            aborted.push(signal.reason.name);
            reject(signal.reason);
          });
        });
      },
      { name: "hang", description: "hangs", schema: z.object({}), metadata: { readOnly: true } },
    );
    const { agent } = plannedAgent([{ id: "1", tool: "hang", args: {} }], {
      tools: [hang],
      executor: { stepTimeoutMs: 5, retry: { maxAttempts: 3, baseMs: 0 } },
      replanner: { maxReplans: 0 },
    });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "TIMEOUT" }, attempts: 3 }]);
    expect(aborted).toEqual(["TimeoutError", "TimeoutError", "TimeoutError"]);
  });
});
