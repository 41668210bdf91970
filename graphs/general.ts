// The general agent: arithmetic, dates, text, and the files of one folder. The server opens `graph`, and gives it a
// checkpointer of its own; a program calls `createGraph` with the one it wants.
import { createBuiltinTools, createPlanExecuteAgent, type PlanExecuteOptions } from "../src/index.js";

/** The agent with the built-in tools inside PLAN_EXECUTE_ROOT or the working folder, and whatever else is set. */
export function createGraph(options: PlanExecuteOptions = {}) {
  const root = process.env.PLAN_EXECUTE_ROOT ?? process.cwd();
  return createPlanExecuteAgent({ tools: createBuiltinTools({ root }), ...options });
}

/** What langgraph.json names. */
export const graph = createGraph();
