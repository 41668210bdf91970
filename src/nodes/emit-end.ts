import type { StepResult } from "../plan/index.js";
import type { NodeContext } from "./node-context.js";

/** Tells that a step, or an item of a for-each step, has ended. */
export function emitEnd(result: StepResult, { emit }: Pick<NodeContext, "emit">): void {
  const { id, status, attempts, startedAt, endedAt, output, error } = result;
  emit({
    type: "step.ended",
    stepId: id,
    status,
    attempts,
    durationMs: startedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  });
}
