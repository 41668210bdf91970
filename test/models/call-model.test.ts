import { AIMessage, AIMessageChunk, HumanMessage } from "@langchain/core/messages";
import { GraphInterrupt } from "@langchain/langgraph";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/events/index.js";
import { callModel, LimitError, type ModelCall, ModelError, ModelLine } from "../../src/models/index.js";
import { createTurnBudget, createUsageMeter, type Limits } from "../../src/usage/index.js";
import { scriptedByRole } from "../support/scripted-model.js";

const hello = new AIMessage({
  content: "hello",
  usage_metadata: { input_tokens: 7, output_tokens: 3, total_tokens: 10 },
});

/** Calls scripted models, by default one; each entry is one attempt. */
function harness(
  attempts: readonly (AIMessage | Error)[],
  limits: Limits = {},
  names: readonly string[] = ["m"],
) {
  const events: RunEvent[] = [];
  const waits: number[] = [];
  const asked: string[] = [];
  const meter = createUsageMeter();
  const controller = new AbortController();
  const prices = {};
  const context = {
    budget: createTurnBudget(limits, { prices, now: () => 0, startedAt: 0 }),
    prices,
    maxAttempts: 3,
    timeoutMs: 60_000,
    backoff: { baseMs: 100, maxMs: 1_000 },
    signal: controller.signal,
    emit: (event: RunEvent) => String(events.push(event)),
    surround: <Result>(_eventId: string, work: () => Result) => work,
    now: () => Date.parse("2026-11-21T12:00:00Z"),
    random: () => 1,
    sleep: async (ms: number) => void waits.push(ms),
  };
  const models = new ModelLine({ model: names[0] ?? "m", fallbacks: names.slice(1) }, async (spec) => {
    const name = String(spec);
    if (name === "gone") {
      throw new ModelError("MODEL_UNAVAILABLE", 'The model "gone" cannot be made.');
    }
    return { model: scriptedByRole({}), name };
  });
  const call: ModelCall = {
    role: "planner",
    models,
    messages: () => [new HumanMessage("a".repeat(400))],
    ask: async ({ name }) => {
      const attempt = attempts[asked.length];
      asked.push(name);
      if (attempt === undefined) {
        throw new TypeError("The script is over.");
      }
      if (attempt instanceof Error) {
        throw attempt;
      }
      return attempt;
    },
  };
  const run = async (changes: Partial<ModelCall> = {}) =>
    (await callModel({ ...call, ...changes }, context, meter)).message;
  return { call: run, context, events, waits, meter, controller, asked, made: () => asked.length };
}

const http = (status: number, headers: object = {}) =>
  Object.assign(new Error(`HTTP ${status}`), { status, headers });

test("an answer is counted once, with the tokens that it tells", async () => {
  const { call, meter, waits } = harness([hello]);
  expect(await call()).toBe(hello);
  expect(meter.total()).toMatchObject({ calls: 1, failedCalls: 0, inputTokens: 7, outputTokens: 3 });
  expect(waits).toEqual([]);
});

test("an answer that does not tell its tokens is counted at the estimate of its input", async () => {
  const { call, meter } = harness([new AIMessage("hello")]);
  await call();
  expect(meter.total().calls).toBe(1);
  expect(meter.total().inputTokens).toBeGreaterThanOrEqual(100);
});

test("waits double, and each attempt is counted and told", async () => {
  const { call, events, waits, meter } = harness([http(503), http(503), hello]);
  await call();
  expect(waits).toEqual([100, 200]);
  expect(meter.total()).toMatchObject({ calls: 3, failedCalls: 2 });
  expect(events.filter(({ type }) => type === "model.retried")).toEqual([
    { type: "model.retried", role: "planner", model: "m", attempt: 2, delayMs: 100, error: "HTTP 503" },
    { type: "model.retried", role: "planner", model: "m", attempt: 3, delayMs: 200, error: "HTTP 503" },
  ]);
  const returned = events.filter((event) => event.type === "model.returned");
  expect(returned.map(({ error, usage }) => [error, usage.estimated])).toEqual([
    ["HTTP 503", true],
    ["HTTP 503", true],
    [undefined, false],
  ]);
});

test.each([
  [429, {}, true],
  [503, { "retry-after": "1" }, true],
  [503, {}, undefined],
])("HTTP %i with %j: told as asked too often: %s", async (status, headers, tooOften) => {
  const { call, events } = harness([http(status, headers), hello]);
  await call();
  expect(events.find(({ type }) => type === "model.retried")).toEqual(
    expect.objectContaining(tooOften === undefined ? { attempt: 2 } : { tooOften }),
  );
  expect(events.some((event) => "tooOften" in event)).toBe(tooOften === true);
});

test.each<[string, object, number]>([
  ["headers", new Headers({ "retry-after": "7" }), 7_000],
  ["a plain object", { "retry-after": "0.5" }, 500],
  ["a wait that is too long", { "retry-after": "3600" }, 60_000],
  ["milliseconds, before seconds", { "retry-after-ms": "250", "retry-after": "7" }, 250],
  ["a date", new Headers({ "retry-after": "Sat, 21 Nov 2026 12:00:20 GMT" }), 20_000],
  ["a date that is over", { "retry-after": "Sat, 21 Nov 2026 11:00:00 GMT" }, 0],
  ["words", { "retry-after": "soon" }, 100],
  ["a negative wait", { "retry-after": "-1" }, 100],
  ["nothing", {}, 100],
])("Retry-After is honoured: %s", async (_, headers, wait) => {
  const { call, waits } = harness([http(429, headers), hello]);
  await call();
  expect(waits).toEqual([wait]);
});

test("after the last attempt the error names role, model and cause", async () => {
  const last = http(500);
  const { call, made } = harness([http(500), http(500), last]);
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelError);
  expect(error).toMatchObject({
    code: "MODEL_FAILED",
    message: "The planner's model m failed after 3 attempts: HTTP 500",
    cause: last,
  });
  expect(made()).toBe(3);
});

test("what is not worth it is not tried again", async () => {
  const { call, made } = harness([http(401)]);
  await expect(call()).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message: "The planner's model m failed: HTTP 401",
  });
  expect(made()).toBe(1);
});

test.each([
  ["nothing", new AIMessage("")],
  ["blanks", new AIMessage(" \n")],
  ["thoughts alone", new AIMessage({ content: [{ type: "reasoning", reasoning: "hm" }] })],
  ["no generation", new TypeError("Cannot read properties of undefined (reading 'message')")],
])("%s is asked for again", async (_, empty) => {
  const { call, made } = harness([empty, hello]);
  expect(await call()).toBe(hello);
  expect(made()).toBe(2);
});

test("a model that keeps answering nothing is named for it", async () => {
  const { call } = harness([new AIMessage(""), new AIMessage(""), new AIMessage("")]);
  await expect(call()).rejects.toMatchObject({ code: "MODEL_EMPTY" });
});

test("a call, also a broken one, is an answer", async () => {
  const broken = new AIMessage({ content: "", invalid_tool_calls: [{ name: "plan", args: "{" }] });
  expect(await harness([broken]).call()).toBe(broken);
});

test.each([
  ["OpenAI's field", { additional_kwargs: { refusal: "No." } }, "No."],
  ["a block", { content: [{ type: "refusal", refusal: "No." }] }, "No."],
  ["OpenAI's filter", { response_metadata: { finish_reason: "content_filter" } }, "content filter"],
  ["Anthropic's reason", { response_metadata: { stop_reason: "refusal" } }, "content filter"],
  ["Google's reason", { response_metadata: { finishReason: "SAFETY" } }, "content filter"],
])("a refusal is not tried again: %s", async (_, fields, words) => {
  const { call, made } = harness([new AIMessage({ content: "half an", ...fields })]);
  const error = await call().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "MODEL_REFUSED", message: expect.stringContaining(words) });
  expect(made()).toBe(1);
});

test("a limit forbids the call before it is made", async () => {
  const { call, made, meter } = harness([hello, hello], { maxModelCalls: 1 });
  await call();
  await expect(call()).rejects.toBeInstanceOf(LimitError);
  expect(made()).toBe(1);
  expect(meter.total().calls).toBe(1);
});

test("attempts count against the limit too", async () => {
  const { call, made } = harness([http(503), http(503), hello], { maxModelCalls: 2 });
  await expect(call()).rejects.toMatchObject({ limit: "maxModelCalls" });
  expect(made()).toBe(2);
});

test("LangGraph's own control flow passes as it is", async () => {
  const interrupt = new GraphInterrupt([]);
  await expect(harness([interrupt]).call()).rejects.toBe(interrupt);
});

test("a cancelled run throws its reason and makes no attempt", async () => {
  const { call, controller, made } = harness([hello]);
  controller.abort(new Error("stopped"));
  await expect(call()).rejects.toThrow("stopped");
  expect(made()).toBe(0);
});

test("a fallback is asked when the attempts with the first model are used up, each with its own", async () => {
  const { call, asked, events, meter } = harness([http(503), http(503), http(503), http(503), hello], {}, [
    "a",
    "b",
  ]);
  expect(await call()).toBe(hello);
  expect(asked).toEqual(["a", "a", "a", "b", "b"]);
  expect(events.filter(({ type }) => type === "model.fallback")).toEqual([
    {
      type: "model.fallback",
      role: "planner",
      from: "a",
      to: "b",
      error: "The planner's model a failed after 3 attempts: HTTP 503",
    },
  ]);
  expect(meter.total()).toMatchObject({ calls: 5, failedCalls: 4 });
});

test("who takes over stays", async () => {
  const { call, asked } = harness([http(401), hello, hello], {}, ["a", "b"]);
  await call();
  await call();
  expect(asked).toEqual(["a", "b", "b"]);
});

test.each<[string, readonly string[], readonly (AIMessage | Error)[]]>([
  ["a key that is refused", ["a", "b"], [http(401)]],
  ["a model that is not there", ["a", "b"], [http(404)]],
  ["answers with nothing", ["a", "b"], [new AIMessage(""), new AIMessage(""), new AIMessage("")]],
  ["a package that is missing", ["gone", "b"], []],
])("a fallback is asked for %s", async (_, names, attempts) => {
  const { call, asked } = harness([...attempts, hello], {}, names);
  expect(await call()).toBe(hello);
  expect(asked.at(-1)).toBe("b");
});

test.each<[string, readonly (AIMessage | Error)[], object]>([
  [
    "a refusal",
    [new AIMessage({ content: "", additional_kwargs: { refusal: "No." } })],
    { code: "MODEL_REFUSED" },
  ],
  [
    "a content filter",
    [new AIMessage({ content: "", response_metadata: { finish_reason: "content_filter" } })],
    { code: "MODEL_REFUSED" },
  ],
  ["a limit", [http(503), http(503)], { limit: "maxModelCalls" }],
])("no fallback is asked for %s", async (_, attempts, error) => {
  const { call, asked } = harness([...attempts, hello], { maxModelCalls: 2 }, ["a", "b"]);
  await expect(call()).rejects.toMatchObject(error);
  expect(new Set(asked)).toEqual(new Set(["a"]));
});

test("where no model answers the error names each, and why", async () => {
  const { call } = harness([http(401), http(503), http(503), http(503)], {}, ["a", "gone", "b"]);
  await expect(call()).rejects.toMatchObject({
    code: "MODEL_FAILED",
    message:
      "No model gave an answer. The planner's model a failed: HTTP 401; " +
      'The model "gone" cannot be made; The planner\'s model b failed after 3 attempts: HTTP 503.',
  });
});

test("an attempt that is over its time is aborted, and tried again", async () => {
  const { call, context, made } = harness([]);
  const signals: AbortSignal[] = [];
  const ask: ModelCall["ask"] = (_model, _messages, { signal }) => {
    signals.push(signal);
    return signals.length < 3 ? new Promise(() => {}) : Promise.resolve(hello);
  };
  context.timeoutMs = 5;
  expect(await call({ ask })).toBe(hello);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, false]);
  expect(made()).toBe(0);
});

test("an answer that its caller cannot use is asked for again, with its tokens counted", async () => {
  const { call, meter, made } = harness([hello, hello, hello]);
  const check = () => {
    throw new ModelError("MODEL_UNREADABLE", "it said hello");
  };
  await expect(call({ check })).rejects.toMatchObject({
    code: "MODEL_UNREADABLE",
    message: "The planner's model m failed after 3 attempts: it said hello",
  });
  expect(made()).toBe(3);
  expect(meter.total()).toMatchObject({ calls: 3, outputTokens: 9 });
});

test("a streamed call whose arguments were cut off is no call", async () => {
  const chunk = { name: "pay", id: "1", index: 0, args: '{"amount": 10', type: "tool_call_chunk" as const };
  const cut = new AIMessageChunk({ content: "", tool_call_chunks: [chunk] });
  expect(cut.tool_calls).toMatchObject([{ args: { amount: 10 } }]);
  const answer = await harness([cut]).call();
  expect(answer.tool_calls).toEqual([]);
  expect(answer.invalid_tool_calls).toMatchObject([{ name: "pay", id: "1", args: '{"amount": 10' }]);
});

test("calls that were not cut off stay beside one that was, and a call may have no arguments", async () => {
  const type = "tool_call_chunk" as const;
  const chunks = [
    { name: "now", id: "1", index: 0, args: "", type },
    { name: "pay", id: "2", index: 1, args: '{"amount": 10', type },
  ];
  const answer = await harness([new AIMessageChunk({ content: "", tool_call_chunks: chunks })]).call();
  expect(answer.tool_calls?.map(({ name }) => name)).toEqual(["now"]);
  expect(answer.invalid_tool_calls?.map(({ name }) => name)).toEqual(["pay"]);
});

test("where only what is reserved forbids a call, it waits until that is settled", async () => {
  const { call, made } = harness([hello, hello], { maxTokens: 1_200 });
  const answers = await Promise.all([call(), call()]);
  expect(answers).toEqual([hello, hello]);
  expect(made()).toBe(2);
});
