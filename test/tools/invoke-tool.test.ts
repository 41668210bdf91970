import { ToolMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { DynamicTool, StructuredTool, type ToolRuntime, tool } from "@langchain/core/tools";
import { Command, GraphInterrupt, InMemoryStore, ParentCommand } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { invokeTool, type ToolInvocation } from "../../src/tools/invoke-tool.js";
import type { AgentTool } from "../../src/tools/registry.js";

const schema = z.object({ a: z.string().optional() });
const returning = (output: unknown, fields: object = {}) =>
  tool(async () => output, { name: "t", schema, ...fields });
const throwing = (thrown: unknown) =>
  tool(
    async () => {
      throw thrown;
    },
    { name: "t", schema },
  );
const call = (called: AgentTool, more: Partial<ToolInvocation> = {}) =>
  invokeTool({
    tool: called,
    id: "turn:step",
    args: {},
    repeat: "with-key",
    maxOutputBytes: 10_000,
    ...more,
  });
const outputOf = async (output: unknown, fields: object = {}) => {
  const outcome = await call(returning(output, fields));
  return outcome.ok ? outcome.output : outcome.error.message;
};
const message = (fields: object = {}) =>
  new ToolMessage({ content: "hello", tool_call_id: "turn:step", ...fields });

describe("the output of a tool", () => {
  it("is kept as JSON where the tool returns JSON", async () => {
    for (const output of [391, 0.5, true, null, { a: [1, { b: "x" }] }, [1, "2"], [], {}, [{ type: "x" }]]) {
      expect(await outputOf(output)).toEqual(output);
    }
  });

  it("is read as JSON where its text is a JSON object, list, boolean or null", async () => {
    expect(await outputOf(' {"a": [1]}\n')).toEqual({ a: [1] });
    expect(await outputOf("[1, 2]")).toEqual([1, 2]);
    expect(await outputOf("true")).toBe(true);
    expect(await outputOf("null")).toBe(null);
  });

  it("is a number only where its text is written as numbers are", async () => {
    expect([await outputOf("391"), await outputOf("-0.5"), await outputOf("1e+21")]).toEqual([
      391, -0.5, 1e21,
    ]);
    for (const text of [
      "007",
      "1.0",
      "1e3",
      " 5",
      "",
      "+5",
      "0x10",
      "Infinity",
      "NaN",
      "12345678901234567890",
    ]) {
      expect(await outputOf(text)).toBe(text);
    }
  });

  it("is the text where the text is no JSON, or a JSON string", async () => {
    for (const text of ["hello", "{not json", "[x]", '"quoted"', "True"]) {
      expect(await outputOf(text)).toBe(text);
    }
  });

  it("stays text where the tool says that it gives text", async () => {
    expect(await outputOf('{"a":1}', { metadata: { output: "text" } })).toBe('{"a":1}');
    expect(await outputOf("391", { metadata: { output: "text" } })).toBe("391");
  });

  it("is the text of text blocks, and other blocks as they are", async () => {
    expect(await outputOf([{ type: "text", text: "a" }, { type: "text", text: "b" }])).toBe("a\nb"); // biome-ignore format: short
    expect(await outputOf([{ type: "text", text: '{"a":1}' }])).toEqual({ a: 1 });
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    expect(await outputOf([{ type: "text", text: "see" }, image])).toEqual([
      { type: "text", text: "see" },
      image,
    ]);
  });

  it("has its artifact beside it", async () => {
    const fields = { responseFormat: "content_and_artifact" };
    const both = returning([{ n: 1 }, { rows: [1n] }], fields);
    expect(await call(both)).toEqual({
      ok: true,
      output: { n: 1 },
      artifact: { rows: ["1"] },
      truncated: false,
    });
    const text = returning(["42", undefined], fields);
    expect(await call(text)).toEqual({ ok: true, output: 42, truncated: false });
    expect(await call(returning("one", fields))).toMatchObject({ ok: false, error: { code: "TOOL_FAILED" } });
  });

  it("is the content of a ToolMessage, which has failed where its status is error", async () => {
    expect(await call(returning(message({ content: '{"a":1}', artifact: [1] })))).toEqual({
      ok: true,
      output: { a: 1 },
      artifact: [1],
      truncated: false,
    });
    const failed = await call(returning(message({ content: "no such city", status: "error" })));
    expect(failed).toMatchObject({ ok: false, retryable: false });
    expect(failed).toMatchObject({ error: { message: 'The tool "t" failed: no such city' } });
  });

  it("is the content of the ToolMessage in a Command", async () => {
    expect(await outputOf(new Command({ update: { messages: [message({ content: "7" })] } }))).toBe(7);
    expect(await outputOf(new Command({ update: [["messages", message()]] }))).toBe("hello");
  });

  it.each([
    ["update.user", new Command({ update: { user: "Ann", messages: [message()] } })],
    ["goto", new Command({ goto: "end", update: { messages: [message()] } })],
    ["resume", new Command({ resume: 1 })],
    ["graph", new Command({ graph: Command.PARENT, update: { messages: [message()] } })],
    ["update without the ToolMessage of this call", new Command({ update: {} })],
    ["update without the ToolMessage of this call", new Command({ update: { messages: [message({ tool_call_id: "other" })] } })], // biome-ignore format: short
    ["more than the ToolMessage", new Command({ update: { messages: [message(), message()] } })],
  ])("is refused where a Command has %s", async (part, command) => {
    const outcome = await call(returning(command), { repeat: "always" });
    expect(outcome).toMatchObject({
      ok: false,
      retryable: false,
      error: { message: expect.stringContaining(part) },
    });
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining("cannot write the agent's state") },
    });
  });

  it("is serializable and bounded whatever the tool returns", async () => {
    const cycle: Record<string, unknown> = { name: "c" };
    cycle.self = cycle;
    expect(await outputOf(cycle)).toEqual({ name: "c", self: "[circular]" });
    expect(await outputOf({ n: 10n })).toEqual({ n: "10" });
    expect(await outputOf(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
    expect(await outputOf(Buffer.from("hi"))).toEqual({ type: "base64", bytes: 2, data: "aGk=" });
    expect(await outputOf(undefined)).toBe(null);
    for (const large of ["x".repeat(50_000_000), Buffer.alloc(50_000_000), { a: "x".repeat(50_000_000) }]) {
      const outcome = await call(returning(large));
      expect(outcome).toMatchObject({ ok: true, truncated: true });
      expect(JSON.stringify(outcome).length).toBeLessThan(11_000);
    }
  });

  it("comes from a generator, a text tool, a runnable and a class with private fields alike", async () => {
    const generator = tool(
      async function* () {
        yield "working";
        return { n: 1n };
      },
      { name: "t", schema },
    );
    class Private extends StructuredTool {
      readonly #answer = { n: 2n };
      name = "private";
      description = "";
      get schema() {
        return this.#answer.n > 0n ? z.object({}) : z.object({ never: z.string() });
      }
      protected async _call(): Promise<unknown> {
        return this.#answer;
      }
    }
    const text = new DynamicTool({ name: "t", description: "", func: async (input) => `${input}!` });
    const runnable = RunnableLambda.from((input: { x: number }) => ({ twice: input.x * 2 })).asTool({
      name: "t",
      schema: z.object({ x: z.number() }),
    });
    expect(await call(generator)).toMatchObject({ output: { n: "1" } });
    expect(await call(new Private())).toMatchObject({ output: { n: "2" } });
    expect(await call(text, { args: { input: "hi" } })).toMatchObject({ output: "hi!" });
    expect(await call(runnable, { args: { x: 4 } })).toMatchObject({ output: { twice: 8 } });
    expect(await call(runnable, { args: { x: "4" } })).toMatchObject({ error: { code: "INVALID_ARGS" } });
  });
});

describe("a tool that is called in a way of its own", () => {
  it("is left as it is", async () => {
    class OwnWay extends StructuredTool {
      readonly #prefix = "own";
      name = "own";
      description = "";
      schema = z.object({});
      override async invoke(): Promise<never> {
        // What such a tool returns is its own affair; it is no promise of core's.
        return `${this.#prefix}: ${await this._call()}` as never;
      }
      protected async _call(): Promise<string> {
        return "[1]";
      }
    }
    expect(await call(new OwnWay())).toMatchObject({ output: "own: [1]" });
  });

  it("may give its output at once, and is read like any other", async () => {
    const plain = {
      name: "plain",
      description: "",
      schema: z.object({}),
      lc_namespace: [],
      invoke: () => '{"a":1n}',
    };
    const atOnce = { ...plain, invoke: () => ({ at: new Date(0) }) };
    expect(await call(plain as never)).toMatchObject({ output: '{"a":1n}' });
    expect(await call(atOnce as never)).toMatchObject({ output: { at: "1970-01-01T00:00:00.000Z" } });
  });
});

describe("what a tool is given", () => {
  it("is a tool call with an id and the runtime that LangChain's tool node gives", async () => {
    let seen: ToolRuntime | undefined;
    const spy = tool(
      (_input: { a?: string }, runtime: ToolRuntime) => {
        seen = runtime;
        return "ok";
      },
      { name: "spy", schema },
    );
    const store = new InMemoryStore();
    const written: unknown[] = [];
    const config = {
      configurable: { thread_id: "1" },
      context: { user: "Ann" },
      store,
      writer: (chunk: unknown) => written.push(chunk),
      tags: ["x"],
    };
    await call(spy, { config, state: { plan: 1 }, args: { a: "b" } });
    expect(seen).toMatchObject({
      toolCallId: "turn:step",
      toolCall: { type: "tool_call", id: "turn:step", name: "spy", args: { a: "b" } },
      state: { plan: 1 },
      context: { user: "Ann" },
      configurable: { thread_id: "1" },
    });
    expect(seen?.store).toBe(store);
    expect(seen?.config).toBe(config);
    seen?.writer?.("chunk");
    expect(written).toEqual(["chunk"]);
    expect(seen?.signal).toBeInstanceOf(AbortSignal);
  });

  it("is refused by its schema before the tool runs", async () => {
    const outcome = await call(returning("x"), { args: { a: 5 }, repeat: "always" });
    expect(outcome).toMatchObject({ ok: false, retryable: false, error: { code: "INVALID_ARGS" } });
    expect(outcome).toMatchObject({
      error: { message: expect.stringMatching(/refused its arguments.*at a/s) },
    });
  });
});

describe("a tool that throws", () => {
  it.each([
    [new Error("boom"), 'The tool "t" failed: boom'],
    ["text", 'The tool "t" failed: text'],
    [undefined, 'The tool "t" failed: it gave no reason'],
    [{ reason: "r" }, 'The tool "t" failed: {"reason":"r"}'],
    [new TypeError(""), 'The tool "t" failed: TypeError'],
  ])("has failed: %s", async (thrown, text) => {
    const outcome = await call(throwing(thrown));
    expect(outcome).toEqual({
      ok: false,
      error: { code: "TOOL_FAILED", message: text },
      cause: thrown,
      retryable: false,
    });
  });

  it("is worth another try where the error is, or where it only reads", async () => {
    expect(await call(throwing(new Error("socket hang up")))).toMatchObject({ retryable: true });
    expect(await call(throwing(new Error("unknown")), { repeat: "always" })).toMatchObject({
      retryable: true,
    });
    expect(await call(throwing(new Error("unknown")))).toMatchObject({ retryable: false });
  });

  it("is never caught where LangGraph's control flow is what it throws", async () => {
    const interrupt = new GraphInterrupt([{ value: "ask" }]);
    const parent = new ParentCommand(new Command({ goto: "x" }));
    await expect(call(throwing(interrupt))).rejects.toBe(interrupt);
    await expect(call(throwing(parent))).rejects.toBe(parent);
  });

  it("has its long message cut", async () => {
    const outcome = await call(throwing(new Error("x".repeat(1_000_000))));
    expect(JSON.stringify(outcome.ok ? "" : outcome.error).length).toBeLessThan(4_200);
  });
});

describe("the signal", () => {
  it("keeps a tool from being called once it is aborted", async () => {
    let calls = 0;
    const counted = tool(() => ++calls, { name: "t", schema });
    const reason = new Error("stop");
    await expect(call(counted, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(call(counted, { config: { signal: AbortSignal.abort(reason) } })).rejects.toBe(reason);
    expect(calls).toBe(0);
  });

  it("ends a tool that ignores it, at once and with its reason", async () => {
    class Deaf extends StructuredTool {
      name = "deaf";
      description = "";
      schema = z.object({});
      protected _call(): Promise<string> {
        return new Promise(() => {});
      }
    }
    for (const where of ["signal", "config"] as const) {
      const controller = new AbortController();
      const more =
        where === "signal" ? { signal: controller.signal } : { config: { signal: controller.signal } };
      const running = call(new Deaf(), more);
      queueMicrotask(() => controller.abort("deadline"));
      await expect(running).rejects.toBe("deadline");
    }
  });

  it("reaches a tool that listens, whose own abort error gives way to the reason", async () => {
    const controller = new AbortController();
    const listening = tool(
      (_input: { a?: string }, runtime: ToolRuntime) =>
        new Promise((_resolve, reject) => {
          runtime.signal?.addEventListener("abort", () => reject(new Error("aborted inside")));
          controller.abort("why");
        }),
      { name: "t", schema },
    );
    await expect(call(listening, { signal: controller.signal })).rejects.toBe("why");
  });

  it("leaves no warning behind when many calls share it", async () => {
    const warnings: string[] = [];
    const listener = (warning: Error) => warnings.push(warning.name);
    process.on("warning", listener);
    const controller = new AbortController();
    const running = Array.from({ length: 50 }, () =>
      call(
        tool(() => new Promise(() => {}), { name: "t", schema }),
        { signal: controller.signal },
      ),
    );
    const settled = Promise.allSettled(running);
    controller.abort("end");
    expect((await settled).every((result) => result.status === "rejected")).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", listener);
    expect(warnings).toEqual([]);
  });
});
