import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { GraphInterrupt } from "@langchain/langgraph";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/events/index.js";
import { callModel, createUsageMeter, LimitError, ModelError } from "../../src/models/index.js";
import { createBudget, type Limits } from "../../src/usage/index.js";

const hello = new AIMessage({
  content: "hello",
  usage_metadata: { input_tokens: 7, output_tokens: 3, total_tokens: 10 },
});

/** Calls a scripted model; each entry is one attempt. */
function harness(attempts: readonly (AIMessage | Error)[], limits: Limits = {}) {
  const events: RunEvent[] = [];
  const waits: number[] = [];
  const meter = createUsageMeter();
  const controller = new AbortController();
  let made = 0;
  const prices = {};
  const context = {
    budget: createBudget(limits, { prices, now: () => 0, startedAt: 0 }),
    prices,
    maxAttempts: 3,
    backoff: { baseMs: 100, maxMs: 1_000 },
    signal: controller.signal,
    emit: (event: RunEvent) => void events.push(event),
    random: () => 1,
    sleep: async (ms: number) => void waits.push(ms),
  };
  const run = async () => {
    const attempt = attempts[made++];
    if (attempt === undefined) throw new TypeError("The script is over.");
    if (attempt instanceof Error) throw attempt;
    return attempt;
  };
  const messages = [new HumanMessage("a".repeat(400))];
  const call = () => callModel({ role: "planner", modelName: "m", messages, run }, context, meter);
  return { call, events, waits, meter, controller, made: () => made };
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
  expect(events).toEqual([
    { type: "model.retried", role: "planner", attempt: 2, delayMs: 100, error: "HTTP 503" },
    { type: "model.retried", role: "planner", attempt: 3, delayMs: 200, error: "HTTP 503" },
  ]);
});

test.each<[string, object, number]>([
  ["headers", new Headers({ "retry-after": "7" }), 7_000],
  ["a plain object", { "retry-after": "0.5" }, 500],
  ["a wait that is too long", { "retry-after": "3600" }, 60_000],
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
