import { LimitError } from "../models/index.js";
import type { StepResult } from "../plan/index.js";
import type { AgentState } from "../state/index.js";

/** Counts the steps that a turn begins, items of for-each steps each for itself. */
export interface StepCounter {
  /** Counts a part that is about to begin; where limits.maxSteps forbids it, why. */
  begin(partId: string): LimitError | undefined;
  /** Counts what was begun in an earlier superstep, or before the process was killed. */
  count(result: StepResult): void;
}

/** Whether a part was begun: neither skipped nor held back by a limit. */
export function wasBegun({ status, error, attempts }: StepResult): boolean {
  return status !== "skipped" && !(error?.code === "LIMIT_REACHED" && attempts === 0);
}

/** A counter that stands at what the turn has begun so far. Parts are counted by their ids, so none counts twice. */
export function createStepCounter(
  maxSteps: number | undefined,
  { pastSteps, suspended }: Pick<AgentState, "pastSteps" | "suspended">,
): StepCounter {
  const begun = new Set<string>();
  const count = (result: StepResult) => {
    if (!wasBegun(result)) return;
    if (result.items === undefined) begun.add(result.id);
    for (let index = 0; index < (result.items ?? 0); index++) begun.add(`${result.id}[${index}]`);
  };
  if (maxSteps !== undefined) {
    for (const result of pastSteps) count(result);
    for (const { stepId, items } of suspended) {
      if (items === undefined) begun.add(stepId);
      for (const result of items ?? []) count(result);
    }
  }
  return {
    begin(partId) {
      if (maxSteps === undefined || begun.has(partId)) return undefined;
      if (begun.size >= maxSteps) {
        const message =
          `The turn has begun ${begun.size} of ${maxSteps} steps, items of for-each steps included. ` +
          "Raise limits.maxSteps to allow more.";
        return new LimitError("maxSteps", message);
      }
      begun.add(partId);
      return undefined;
    },
    count(result) {
      if (maxSteps !== undefined) count(result);
    },
  };
}
