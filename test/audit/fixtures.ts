import { readFileSync, writeFileSync } from "node:fs";
import type { AgentEvent } from "../../src/events/index.js";
import type { PlanStep } from "../../src/plan/index.js";
import { emptyTokenUsage } from "../../src/usage/index.js";

const steps: PlanStep[] = [
  { id: "look", description: "look the price up", tool: "look_up", args: { name: "ACME" }, dependsOn: [] },
  {
    id: "buy",
    description: "buy 148 ACME",
    tool: "buy",
    args: { name: "ACME", price: "{{look}}" },
    dependsOn: ["look"],
  },
];
const again: PlanStep = {
  id: "again",
  description: "look it up elsewhere",
  tool: "look_up",
  args: { name: "ACME.DE" },
  dependsOn: [],
};
const buy: PlanStep = {
  id: "buy",
  description: "buy 148 ACME",
  tool: "buy",
  args: { name: "ACME", price: "{{again}}" },
  dependsOn: ["again"],
};

const used = (inputTokens: number, outputTokens: number, costUsd: number) => ({
  ...emptyTokenUsage(),
  inputTokens,
  outputTokens,
  cachedInputTokens: 40,
  reasoningTokens: 2,
  costUsd,
  estimated: false,
});

const place = { schemaVersion: 1, turnId: "turn-1", threadId: "thread-1", userId: "ann" } as const;

function segmentOf(segment: number, begunAt: string, runId: string, events: readonly object[]): AgentEvent[] {
  return events.map((event, index) => ({
    ...(event as AgentEvent),
    ...place,
    id: `turn-1:${segment}:${index + 1}`,
    seq: index + 1,
    segment,
    runId,
    at: new Date(Date.parse(begunAt) + index * 100).toISOString(),
  }));
}

/** A turn with everything in it: a failed step, a retry, a new plan, a decision, an answer. */
export const wholeTurn: readonly AgentEvent[] = [
  ...segmentOf(1, "2026-11-30T14:00:00.000Z", "run-1", [
    { type: "agent.started", goal: "Buy ACME" },
    { type: "model.called", role: "planner", model: "openai:gpt-5" },
    {
      type: "model.returned",
      call: "turn-1:1:2",
      role: "planner",
      model: "openai:gpt-5",
      durationMs: 900,
      usage: used(100, 50, 0.0006),
    },
    { type: "plan.generated", version: 1, reason: "planned", by: "planner", steps },
    {
      type: "step.started",
      stepId: "look",
      description: "look the price up",
      kind: "direct",
      tool: "look_up",
      dependsOn: [],
      attempt: 1,
    },
    {
      type: "tool.called",
      stepId: "look",
      tool: "look_up",
      args: { name: "ACME" },
      attempt: 1,
      idempotencyKey: "turn-1:look",
    },
    {
      type: "tool.returned",
      call: "turn-1:1:6",
      stepId: "look",
      tool: "look_up",
      attempt: 1,
      status: "failed",
      durationMs: 30,
      error: { code: "TOOL_FAILED", message: "busy" },
    },
    { type: "step.retried", stepId: "look", attempt: 2, delayMs: 10, error: "busy" },
    { type: "step.started", stepId: "look", description: "look the price up", tool: "look_up", attempt: 2 },
    {
      type: "tool.called",
      stepId: "look",
      tool: "look_up",
      args: { name: "ACME" },
      attempt: 2,
      idempotencyKey: "turn-1:look",
    },
    {
      type: "tool.returned",
      call: "turn-1:1:10",
      stepId: "look",
      tool: "look_up",
      attempt: 2,
      status: "failed",
      durationMs: 31,
      error: { code: "TOOL_FAILED", message: "busy" },
    },
    {
      type: "step.ended",
      stepId: "look",
      status: "failed",
      attempts: 2,
      durationMs: 71,
      error: { code: "TOOL_FAILED", message: "busy" },
    },
    {
      type: "step.ended",
      stepId: "buy",
      status: "skipped",
      attempts: 0,
      durationMs: 0,
      error: { code: "DEPENDENCY_FAILED", message: "Step look did not come out right." },
    },
    { type: "replanning", reason: "step look failed", causes: ["trouble"], steps: ["look"] },
    { type: "model.called", role: "replanner", model: "openai:gpt-5" },
    {
      type: "model.returned",
      call: "turn-1:1:15",
      role: "replanner",
      model: "openai:gpt-5",
      durationMs: 700,
      usage: used(150, 40, 0.0005),
    },
    {
      type: "plan.generated",
      version: 2,
      reason: "step look failed",
      by: "replanner",
      steps: [again, buy],
      before: steps,
      after: [steps[0], again, buy],
    },
    {
      type: "step.started",
      stepId: "again",
      description: "look it up elsewhere",
      kind: "direct",
      tool: "look_up",
      dependsOn: [],
      attempt: 1,
    },
    {
      type: "tool.called",
      stepId: "again",
      tool: "look_up",
      args: { name: "ACME.DE" },
      attempt: 1,
      idempotencyKey: "turn-1:again",
    },
    {
      type: "tool.returned",
      call: "turn-1:1:19",
      stepId: "again",
      tool: "look_up",
      attempt: 1,
      status: "done",
      durationMs: 20,
      output: 67.25,
    },
    { type: "step.ended", stepId: "again", status: "done", attempts: 1, durationMs: 22, output: 67.25 },
    {
      type: "step.started",
      stepId: "buy",
      description: "buy 148 ACME",
      kind: "direct",
      tool: "buy",
      dependsOn: ["again"],
      attempt: 1,
    },
    {
      type: "approval.asked",
      requestId: "request-1",
      actions: [{ actionId: "turn-1:buy:buy:1", name: "buy", stepId: "buy" }],
    },
  ]),
  ...segmentOf(2, "2026-11-30T15:00:00.000Z", "run-2", [
    {
      type: "approval.decided",
      requestId: "request-1",
      by: "ann",
      waitedMs: 3_597_800,
      decisions: [
        {
          actionId: "turn-1:buy:buy:1",
          decision: "approve",
          stepId: "buy",
          shown: { tool: "buy", args: { name: "ACME", price: 67.25 } },
        },
      ],
    },
    {
      type: "tool.called",
      stepId: "buy",
      tool: "buy",
      args: { name: "ACME", price: 67.25 },
      attempt: 1,
      idempotencyKey: "turn-1:buy",
    },
    {
      type: "tool.returned",
      call: "turn-1:2:2",
      stepId: "buy",
      tool: "buy",
      attempt: 1,
      status: "done",
      durationMs: 40,
      output: "bought",
    },
    {
      type: "step.ended",
      stepId: "buy",
      status: "done",
      attempts: 1,
      durationMs: 3_600_000,
      output: "bought",
    },
    {
      type: "agent.completed",
      status: "done",
      response: "Bought 148 ACME at 67.25.",
      usage: { calls: 2, inputTokens: 250, outputTokens: 90, costUsd: 0.0011 },
    },
  ]),
];

/** Reads a document of the fixtures; FROZEN=record writes what is given. */
export function fixture(name: string, made: unknown): unknown {
  const url = new URL(`./fixtures/${name}.json`, import.meta.url);
  if (process.env.FROZEN === "record") {
    writeFileSync(url, `${JSON.stringify(made, null, 2)}\n`);
  }
  const kept: unknown = JSON.parse(readFileSync(url, "utf8"));
  return kept;
}
