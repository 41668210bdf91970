import type { Priority, Slots } from "../scheduler/index.js";
import { isItemCondition, judgeCondition } from "./judge-condition.js";
import type { Part, PartEnvironment } from "./part.js";
import { runForEach } from "./run-for-each.js";
import { runJournaledPart } from "./run-journaled-part.js";
import type { PartOutcome } from "./step-outcome.js";

/** Carries out a step: skips it where its condition says so, and does it once or for each item. */
export async function runStep(
  part: Part,
  environment: PartEnvironment,
  slots: Slots,
  priority: Priority,
): Promise<PartOutcome> {
  const { step } = part;
  const unmet = isItemCondition(step) ? undefined : judgeCondition(part, environment);
  if (unmet !== undefined) return unmet;
  return step.forEach === undefined
    ? runJournaledPart(part, environment)
    : runForEach(part, step.forEach, environment, slots, priority);
}
