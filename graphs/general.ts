// The general agent: arithmetic, dates, text, and the files of one folder. The server opens `graph`, and gives it a
// checkpointer of its own; a program calls `createGraph` with the one it wants.
import {
  createBuiltinTools,
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
} from "langgraph-plan-execute";

/** The agent with the built-in tools inside PLAN_EXECUTE_ROOT or the working folder, and whatever else is set. */
export function createGraph(options: PlanExecuteOptions = {}): PlanExecuteAgent {
  const root = process.env.PLAN_EXECUTE_ROOT ?? process.cwd();
  return createPlanExecuteAgent({ tools: createBuiltinTools({ root }), ...options });
}

/** What langgraph.json names. */
export const graph: PlanExecuteAgent = createGraph();
