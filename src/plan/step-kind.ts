import type { PlanStep } from "./plan.js";

/** How a step is done: a tool with its arguments, a tool whose arguments are made first, or an agent. */
export type StepKind = "direct" | "call" | "agent";

/** Says how a step is done. Whether it is done for each item of a list is a question beside this one. */
export function stepKind(step: Pick<PlanStep, "tool" | "args">): StepKind {
  if (step.tool === undefined) return "agent";
  return step.args === undefined ? "call" : "direct";
}
