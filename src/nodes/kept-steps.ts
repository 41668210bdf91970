import type { StepResult } from "../plan/index.js";
import { neverRan } from "../policy/index.js";
import type { AgentState } from "../state/index.js";

/** What stays of the steps that have settled: those that never ran may be in another plan. */
export function keptSteps({ pastSteps }: AgentState): StepResult[] {
  return pastSteps.filter((result) => !neverRan(result));
}

/** The first position that no step has taken as its id. */
export function nextPosition(pastSteps: readonly StepResult[]): number {
  const positions = pastSteps.map(({ id }) => Number.parseInt(id, 10)).filter(Number.isSafeInteger);
  return Math.max(0, ...positions) + 1;
}
