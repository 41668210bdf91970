import type { BaseMessage } from "@langchain/core/messages";
import { type ToolRuntime, tool } from "@langchain/core/tools";
import { z } from "zod";
import { createPlanExecuteAgent } from "../../src/index.js";
import { type Script, ScriptedModel } from "../../test/support/scripted-model.js";
import type { Canceller } from "./moments.js";

/** Runs of the program that is measured. */
export interface Runs {
  /** Rejects if the run was cancelled. */
  run(runId: string, signal: AbortSignal): Promise<unknown>;
  /** Empties the scripted model's log. */
  forget(): void;
}

export const ITEMS = 6;

const steps = [
  { id: "list", description: "list", tool: "work", args: { name: "list" }, dependsOn: [] },
  { id: "each", description: "each", tool: "work", args: { name: "item {{item}}" }, forEach: "{{list}}" },
  { id: "think", description: "think about it", dependsOn: ["list"] },
  { id: "last", description: "last", tool: "work", args: { name: "last" }, dependsOn: ["each", "think"] },
];

/** Makes runs of our agent: direct steps, a for-each, an agent step, an answer of the model. */
export function createOwnRuns(canceller: Canceller): Runs {
  const model = new ScriptedModel(createScript(canceller));
  const agent = createPlanExecuteAgent({
    model,
    tools: [createWork(canceller)],
    executor: { concurrency: 2, retry: { baseMs: 60_000, maxMs: 60_000 } },
    onEvent: (event) => {
      const isWait = event.type === "step.retried" || event.type === "model.retried";
      if (isWait && event.threadId !== undefined) {
        canceller.cancel(event.threadId);
      }
    },
  });
  return {
    run: (runId, signal) => agent.invoke({ input: runId }, { configurable: { thread_id: runId }, signal }),
    forget: () => model.forget(),
  };
}

/** A script that hangs where the run is to be cancelled. The prompt contains the run's id. */
export function createScript(canceller: Canceller): Script {
  return async (messages, tools, _call, signal) => {
    const runId = runIdIn(messages);
    if (tools.length === 0) {
      await canceller.reach(runId, "answer-call", signal);
      return `answer of ${runId}`;
    }
    if (tools.includes("plan")) {
      await canceller.reach(runId, "planner-call", signal);
      return canceller.isAt(runId, "planner-retry-wait") ? busy() : [{ name: "plan", args: { steps } }];
    }
    await canceller.reach(runId, "agent-call", signal);
    const hasCalled = messages.some((message) => message.getType() === "tool");
    return hasCalled ? `thought of ${runId}` : [{ name: "work", args: { name: "by agent" } }];
  };
}

/** A tool that hangs where the run is to be cancelled. */
export function createWork(canceller: Canceller) {
  return tool(
    async ({ name }, runtime: ToolRuntime) => {
      const runId = String(runtime.configurable?.thread_id);
      const { signal } = runtime;
      if (name === "list" && canceller.isAt(runId, "tool-retry-wait")) {
        throw busy();
      }
      if (name === "last") {
        await canceller.reach(runId, "tool", signal);
      }
      if (name.startsWith("item")) {
        await canceller.reach(runId, "items-and-slots", signal);
      }
      if (name === "by agent") {
        await canceller.reach(runId, "agent-tool", signal);
      }
      return name === "list" ? Array.from({ length: ITEMS }, (_, index) => index) : `${name} of ${runId}`;
    },
    {
      name: "work",
      description: "works",
      schema: z.object({ name: z.string() }),
      metadata: { readOnly: true },
    },
  );
}

function busy(): Error {
  return Object.assign(new Error("busy"), { status: 503 });
}

function runIdIn(messages: readonly BaseMessage[]): string {
  return /\brun-\d+/.exec(messages.map(({ text }) => text).join("\n"))?.[0] ?? "";
}
