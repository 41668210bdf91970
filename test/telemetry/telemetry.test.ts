// With the real SDK, whose exporters keep what they get in memory.
import { AsyncLocalStorage } from "node:async_hooks";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createTelemetry } from "../../src/telemetry/index.js";
import { chargingAgent, echo, plannedAgent } from "../support/agent-run.js";
import { approve, decide } from "../support/approval.js";
import { planCall } from "../support/scripted-model.js";

/** What Node's SDK registers: the active context follows the calls. */
class StorageContext implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with: ContextManager["with"] = (active, work, self, ...given) =>
    this.#storage.run(active, () => work.call(self, ...given));
  bind: ContextManager["bind"] = (_active, target) => target;
  enable = () => this;
  disable = () => this;
}

const exporter = new InMemorySpanExporter();
let metricExporter: InMemoryMetricExporter;
let tracerProvider: BasicTracerProvider;
let meterProvider: MeterProvider;
const thread = { configurable: { thread_id: "t1" } };

beforeEach(() => {
  exporter.reset();
  metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  context.setGlobalContextManager(new StorageContext());
  tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  meterProvider = new MeterProvider({
    readers: [
      new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 1_000_000 }),
    ],
  });
});

afterEach(async () => {
  context.disable();
  await meterProvider.shutdown();
});

const telemetry = () => createTelemetry({ tracerProvider, meterProvider });
const spans = () => exporter.getFinishedSpans();
const nameOf = (id: string | undefined) => spans().find((span) => span.spanContext().spanId === id)?.name;
const tree = () => spans().map((span) => [span.name, nameOf(span.parentSpanContext?.spanId)]);
function spanOf(name: string): ReadableSpan {
  const found = spans().find((span) => span.name === name);
  if (found === undefined) {
    throw new Error(
      `there is no span ${name}, but ${spans()
        .map((span) => span.name)
        .join(", ")}`,
    );
  }
  return found;
}

test("a run's spans are the plan: its calls below their steps, and links to what a step depends on", async () => {
  const steps = [
    { id: "a", tool: "echo", args: { value: 1 } },
    { id: "b", description: "work on {{a}}", dependsOn: ["a"] },
  ];
  const { agent } = plannedAgent(
    steps,
    { tools: [echo], sinks: [telemetry()], checkpointer: new MemorySaver(), planner: { actEarly: false } },
    { agent: "done" },
  );
  await agent.invoke({ input: "go" }, thread);
  expect(tree().sort()).toEqual(
    [
      ["invoke_agent plan-execute", undefined],
      ["plan plan-execute", "invoke_agent plan-execute"],
      ["chat scripted", "plan plan-execute"],
      ["step a", "invoke_agent plan-execute"],
      ["execute_tool echo", "step a"],
      ["step b", "invoke_agent plan-execute"],
      ["chat scripted", "step b"],
      ["chat scripted", "invoke_agent plan-execute"],
    ].sort(),
  );
  const [a, b] = [spanOf("step a"), spanOf("step b")];
  expect(b.links.map(({ context: linked }) => linked.spanId)).toEqual([a.spanContext().spanId]);
  expect(b.attributes).toMatchObject({
    "graph.node.id": "b",
    "graph.node.parent_id": "a",
    "langfuse.observation.type": "agent",
    "openinference.span.kind": "AGENT",
  });
  expect(spanOf("execute_tool echo").attributes).toMatchObject({
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "echo",
    "langfuse.observation.type": "tool",
    "openinference.span.kind": "TOOL",
  });
  expect(spanOf("chat scripted").attributes).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "scripted",
    "gen_ai.usage.input_tokens": 10,
    "gen_ai.usage.output_tokens": 5,
    "openinference.span.kind": "LLM",
  });
  expect(spanOf("invoke_agent plan-execute").attributes).toMatchObject({
    "gen_ai.conversation.id": "t1",
    "gen_ai.operation.name": "invoke_agent",
    "plan_execute.status": "done",
  });
  expect(spans().every(({ ended }) => ended)).toBe(true);
});

test("the spans of a tool's own work stand below its call, and the run's below whoever invokes it", async () => {
  const tracer = tracerProvider.getTracer("test");
  const querying = tool(
    async () => {
      await Promise.resolve();
      tracer.startSpan("query").end();
      return "rows";
    },
    { name: "querying", description: "asks a database", schema: z.object({}) },
  );
  const { agent } = plannedAgent([{ id: "a", tool: "querying", args: {} }], {
    tools: [querying],
    sinks: [telemetry()],
  });
  const request = tracer.startSpan("request");
  await context.with(trace.setSpan(context.active(), request), () => agent.invoke({ input: "go" }));
  request.end();
  expect(tree()).toContainEqual(["query", "execute_tool querying"]);
  expect(tree()).toContainEqual(["invoke_agent plan-execute", "request"]);
  expect(new Set(spans().map((span) => span.spanContext().traceId)).size).toBe(1);
});

test("a run that goes on after an answer belongs to the same trace, in another process too", async () => {
  const checkpointer = new MemorySaver();
  const steps = [{ id: "pay", tool: "charge", args: { who: "ann" } }];
  const first = chargingAgent(steps, { checkpointer, sinks: [telemetry()] });
  await first.agent.invoke({ input: "go" }, thread);
  const asked = spanOf("invoke_agent plan-execute");
  expect(asked.attributes["plan_execute.status"]).toBe("waiting");
  expect(spanOf("step pay").ended).toBe(true);
  exporter.reset();
  const second = chargingAgent(steps, { checkpointer, sinks: [telemetry()] });
  await second.agent.invoke(decide(approve), thread);
  const answered = spanOf("invoke_agent plan-execute");
  expect(answered.spanContext().traceId).toBe(asked.spanContext().traceId);
  expect(answered.parentSpanContext?.spanId).toBe(asked.spanContext().spanId);
  expect(tree()).toContainEqual(["execute_tool charge", "step pay"]);
  exporter.reset();
  await second.agent.invoke({ input: "go again" }, thread);
  expect(spanOf("invoke_agent plan-execute").spanContext().traceId).not.toBe(asked.spanContext().traceId);
});

test("a failed call has its error's type, and a replan a span of its own", async () => {
  let calls = 0;
  const broken = tool(
    () => {
      throw new Error("no network");
    },
    { name: "broken", description: "never works", schema: z.object({}) },
  );
  const { agent } = plannedAgent(
    [{ id: "f", tool: "broken", args: {} }],
    { tools: [echo, broken], sinks: [telemetry()], planner: { actEarly: false } },
    {
      replanner: () =>
        calls++ === 0 ? planCall([{ id: "g", tool: "echo", args: { value: "g" } }], "g") : "unused",
    },
  );
  await agent.invoke({ input: "go" });
  expect(spanOf("execute_tool broken").attributes["error.type"]).toBe("TOOL_FAILED");
  expect(spanOf("step f")).toMatchObject({
    status: { code: 2 },
    attributes: { "error.type": "TOOL_FAILED" },
  });
  expect(
    spans()
      .filter(({ name }) => name === "plan plan-execute")
      .map(({ attributes }) => attributes["plan_execute.plan.version"]),
  ).toEqual([1, 2]);
});

test("metrics count durations, tool calls, tokens, dollars, replans and waits", async () => {
  const { agent } = chargingAgent([{ id: "pay", tool: "charge", args: { who: "ann" } }], {
    sinks: [telemetry()],
    prices: { scripted: { inputPerMillion: 1, outputPerMillion: 2 } },
  });
  await agent.invoke({ input: "go" }, thread);
  await agent.invoke(decide(approve), thread);
  await meterProvider.forceFlush();
  const metrics = metricExporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  const byName = new Map(
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value }) => value)]),
  );
  expect([...byName.keys()].sort()).toEqual([
    "gen_ai.client.operation.duration",
    "gen_ai.client.token.usage",
    "gen_ai.execute_tool.duration",
    "gen_ai.invoke_agent.duration",
    "plan_execute.approval.wait",
    "plan_execute.cost",
    "plan_execute.tool.calls",
  ]);
  expect(byName.get("plan_execute.tool.calls")).toEqual([1]);
  const cost = (byName.get("plan_execute.cost") ?? []).reduce<number>((sum, value) => sum + Number(value), 0);
  expect(cost).toBeCloseTo(2 * (10 * 1e-6 + 5 * 2e-6), 12);
});

test("a cancelled run leaves no span open", async () => {
  const controller = new AbortController();
  const hanging = tool(
    () => {
      controller.abort(new Error("gone"));
      return new Promise<string>(() => {});
    },
    { name: "hanging", description: "never ends", schema: z.object({}) },
  );
  const { agent } = plannedAgent([{ id: "a", tool: "hanging", args: {} }], {
    tools: [hanging],
    sinks: [telemetry()],
  });
  await expect(agent.invoke({ input: "go" }, { signal: controller.signal })).rejects.toThrow("gone");
  await expect.poll(() => spans().map(({ name }) => name)).toContain("invoke_agent plan-execute");
  expect(spanOf("execute_tool hanging").attributes["error.type"]).toBe("left_behind");
  expect(spanOf("invoke_agent plan-execute").attributes["plan_execute.status"]).toBe("cancelled");
});
