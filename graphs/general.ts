// The general agent: arithmetic, dates, text, and the files of one folder. The server opens `graph` and gives it its
// own checkpointer. A program calls `createGraph` with the checkpointer that it wants.
import {
  createBuiltinTools,
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
  requesterOf,
} from "langgraph-plan-execute";
import { servedWorkspace } from "./shared/folders.js";
import { makePrivateFolder } from "./shared/private-files.js";

/** Goals to begin with. */
export const examples: readonly string[] = [
  "Calculate 17*23 and 19*29, then add the two results",
  "3 weeks after today",
  "List the files",
];

/** The agent with the built-in tools inside PLAN_EXECUTE_ROOT or the working folder, and whatever else is set. */
export function createGraph(options: PlanExecuteOptions = {}): PlanExecuteAgent {
  const root = process.env.PLAN_EXECUTE_ROOT || process.cwd();
  return createPlanExecuteAgent({ tools: createBuiltinTools({ root }), examples, ...options });
}

const workspace = servedWorkspace("general");

/** What langgraph.json names. Each user's files are in a folder of their own, which is empty at first. */
export const graph: PlanExecuteAgent = createGraph({
  tools: createBuiltinTools({
    root: (config) => {
      const folder = workspace(requesterOf(config));
      makePrivateFolder(folder);
      return folder;
    },
  }),
});
