import type { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createPlanExecuteAgent } from "../../src/agent/index.js";
import { echo } from "./agent-run.js";
import { ScriptedModel } from "./scripted-model.js";

/** How planner and replanner are asked, and the answers that they repeat in turn. */
export interface HostileCase {
  readonly method: "tool" | "json" | "text";
  readonly when: "needed" | "every-step";
  readonly answers: readonly AIMessage[];
}

const endings: readonly string[] = ["done", "incomplete", "failed", "refused"];
const MAX_STATE_BYTES = 30_000_000;

/**
 * Runs two turns of an agent whose planner and replanner answer anything at all. Returns what is wrong with them: a
 * run that throws or never ends, has no status or no words, a conversation in which two messages share an id, a state
 * that is not plain JSON or is huge, or a prototype that was written to.
 */
export async function runHostile({ method, when, answers }: HostileCase): Promise<string[]> {
  let next = 0;
  const model = new ScriptedModel((_, tools) =>
    tools.includes("blocked") || answers.length === 0
      ? "by agent"
      : (answers[next++ % answers.length] ?? "end"),
  );
  const agent = createPlanExecuteAgent({
    model,
    tools: [echo],
    checkpointer: new MemorySaver(),
    planner: { method },
    replanner: { when },
    executor: { retry: { baseMs: 0, maxMs: 0 } },
  });
  const thread = { configurable: { thread_id: "1" } };
  const faults: string[] = [];
  for (const input of ["go", "go on"]) {
    try {
      const run = await agent.invoke({ input }, thread);
      const ids = run.messages.map(({ id }) => id);
      const bytes = JSON.stringify({ ...run, messages: [] }).length;
      if (!endings.includes(run.status)) {
        faults.push(`it ended with the status ${run.status}`);
      }
      if (run.outcome?.status !== run.status || run.outcome.reason === "") {
        faults.push("it does not say why");
      }
      if (run.response.trim() === "") {
        faults.push("it has no response");
      }
      if (new Set(ids).size !== ids.length) {
        faults.push("two messages have one id");
      }
      if (bytes > MAX_STATE_BYTES) {
        faults.push(`its state has ${bytes} bytes`);
      }
    } catch (error) {
      faults.push(`it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const added = [...Object.keys(Object.prototype), ...Object.keys(Array.prototype)];
  if (added.length > 0 || "polluted" in {}) {
    faults.push(`a prototype was written to: ${added.join(", ")}`);
  }
  return faults;
}
