import {
  fillReferences,
  findReferences,
  itemVariables,
  type PlanStep,
  splitReference,
} from "../plan/index.js";
import { isEmpty } from "./check-output.js";
import { endNow, type Part, type PartEnvironment } from "./part.js";
import type { PartOutcome } from "./step-outcome.js";
import { timeNow } from "./time-now.js";

/** How a part ends that its own condition keeps from running; undefined where it is to run. */
export function judgeCondition(part: Part, environment: PartEnvironment): PartOutcome | undefined {
  const { step } = part;
  if (step.if === undefined) return undefined;
  const condition = fillReferences(step.if, part.values);
  if (!condition.ok) return endNow(part, environment, "REFERENCE_FAILED", condition.issues.join("; "));
  if (condition.value !== false && !isEmpty(condition.value)) return undefined;
  const { description, tool } = step;
  const endedAt = timeNow(environment.context.services);
  const skipped = { id: part.id, description, status: "skipped", attempts: 0, endedAt } as const;
  return { kind: "ended", result: tool === undefined ? skipped : { ...skipped, tool } };
}

/** Whether a for-each step's condition is one on each item, and not on the step. */
export function isItemCondition({ if: condition, forEach }: PlanStep): boolean {
  if (condition === undefined || forEach === undefined) return false;
  return findReferences(condition).some(
    (reference) => splitReference(reference, itemVariables) !== undefined,
  );
}
