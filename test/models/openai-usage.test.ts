// What a run says that it used, against what the server counted.
import { expect, test } from "vitest";
import { toAuditRecord } from "../../src/audit/index.js";
import type { PlanExecuteOptions } from "../../src/options/index.js";
import type { Usage, UsageCount } from "../../src/usage/index.js";
import { type ModelReply, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

const plan = planReply([
  { id: "list", tool: "echo", args: { value: ["x", "y"] }, dependsOn: [] },
  { id: "words", description: "write a word about it", dependsOn: ["list"] },
  { id: "each", description: "write of {{item}}", forEach: "{{list}}", dependsOn: ["list"] },
]);
const prices = {
  "openai:large": { inputPerMillion: 10, cachedInputPerMillion: 1, outputPerMillion: 30 },
  "openai:small": { inputPerMillion: 1, outputPerMillion: 3 },
};
const used = [1_000, 200, 400, 50] as const;
const answers: ModelReply = { text: "words", usage: used };

async function run(reply: (index: number) => ModelReply, options: PlanExecuteOptions = {}) {
  const counted = { calls: 0, inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 };
  const { agent, events } = await openAiAgent(
    (_request, index) => {
      const given = { usage: used, ...reply(index) };
      counted.calls += 1;
      if (given.status === undefined) {
        const [input, output, cached, reasoning] = used;
        counted.inputTokens += input;
        counted.outputTokens += output;
        counted.cachedInputTokens += cached;
        counted.reasoningTokens += reasoning;
      }
      return given;
    },
    {
      model: "openai:large",
      executor: { model: "openai:small", retry: { baseMs: 0, maxMs: 0 } },
      prices,
      ...options,
    },
  );
  const { usage, status } = await agent.invoke({ input: "go" });
  return { counted, events, usage, status };
}

const sums = ({ calls, inputTokens, outputTokens, cachedInputTokens, reasoningTokens }: UsageCount) => ({
  calls,
  inputTokens,
  outputTokens,
  cachedInputTokens,
  reasoningTokens,
});
const total = (parts: readonly UsageCount[]) =>
  parts.map(sums).reduce((one, other) => ({
    calls: one.calls + other.calls,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    reasoningTokens: one.reasoningTokens + other.reasoningTokens,
  }));

function expectSameSums(usage: Usage, counted: object): void {
  expect(sums(usage)).toEqual(counted);
  expect(total(Object.values(usage.byRole))).toEqual(counted);
  expect(total(Object.values(usage.byModel))).toEqual(counted);
  expect(total(Object.values(usage.byStep))).toEqual(sums(usage.byRole.executor));
}

test("what events, roles, models and steps say of tokens is what the server counted", async () => {
  const { counted, events, usage, status } = await run((index) => (index === 0 ? plan : answers));
  expect(status).toBe("done");
  expect(counted.calls).toBeGreaterThanOrEqual(5);
  expectSameSums(usage, counted);
  const told = toAuditRecord(events).cost;
  expect(told).toEqual(usage);
  const steps = events.flatMap((event) =>
    event.type === "step.ended" && !event.stepId.includes("[") ? (event.usage ?? []) : [],
  );
  expect(total(steps)).toEqual(sums(usage.byRole.executor));
  expect(Object.keys(usage.byModel).sort()).toEqual(["openai:large", "openai:small"]);
});

test("cached and reasoning tokens are told apart, and dollars follow the price of each", async () => {
  const { usage } = await run((index) => (index === 0 ? plan : answers));
  const { calls, inputTokens, cachedInputTokens, reasoningTokens, costUsd } = usage.byRole.planner;
  expect({ calls, inputTokens, cachedInputTokens, reasoningTokens }).toEqual({
    calls: 1,
    inputTokens: 1_000,
    cachedInputTokens: 400,
    reasoningTokens: 50,
  });
  expect(costUsd).toBeCloseTo((600 * 10 + 400 * 1 + 200 * 30) / 1e6, 12);
});

test("an attempt that failed is a call of its own, whose tokens are an estimate and marked as one", async () => {
  const { counted, usage } = await run((index) =>
    index === 0 ? { status: 503 } : index === 1 ? plan : answers,
  );
  expect(usage).toMatchObject({ calls: counted.calls, failedCalls: 1, estimatedCalls: 1 });
  expect(usage.byRole.planner).toMatchObject({ calls: 2, failedCalls: 1, estimatedCalls: 1 });
  expect(usage.byRole.executor.estimatedCalls).toBeUndefined();
});

test("what a model without a price costs is not known, and never nothing", async () => {
  const { usage } = await run((index) => (index === 0 ? plan : answers), {
    prices: { "openai:large": prices["openai:large"] },
  });
  expect(usage.byModel["openai:small"]?.costUsd).toBeNull();
  expect(usage.byModel["openai:large"]?.costUsd).toBeGreaterThan(0);
  expect(usage.costUsd).toBeNull();
});
