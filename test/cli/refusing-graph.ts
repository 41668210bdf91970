import { createPlanExecuteAgent, type PlanExecuteOptions } from "../../src/index.js";

/** A graph that plans nothing. */
export function createGraph(options: PlanExecuteOptions) {
  const plan = () => ({ refused: "I do not do this.", understood: "say hello" });
  return createPlanExecuteAgent({ ...options, planner: { plan } });
}
