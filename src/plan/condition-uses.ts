import { type Condition, readCondition } from "./condition.js";
import type { PlanStep } from "./plan.js";
import { findReferences, ITEM_VARIABLES, loneExpression, splitReference } from "./references.js";

/** A step's condition that needs the output of another step. */
interface ConditionUse {
  readonly condition: string;
  /** Whether the output itself is true or false for it, and not a part of it or what it is compared with. */
  readonly isTruth: boolean;
}

/** Finds the conditions that need a step's output. Of a for-each step, those that need what one item gives. */
export function conditionUses(step: PlanStep, plan: readonly PlanStep[]): ConditionUse[] {
  const known = new Set([...plan.map(({ id }) => id), ...ITEM_VARIABLES]);
  return plan.flatMap(({ if: condition = "", forEach = "" }) => {
    const isListed = step.forEach !== undefined && loneExpression(forEach) === step.id;
    const name = step.forEach === undefined ? step.id : isListed ? "item" : undefined;
    const used = findReferences(condition).map((expression) => splitReference(expression, known)?.id);
    const read = readCondition(condition);
    return name !== undefined && used.includes(name) && read.ok
      ? [{ condition, isTruth: isTruth(read.condition, name) }]
      : [];
  });
}

function isTruth(condition: Condition, name: string): boolean {
  switch (condition.kind) {
    case "value":
      return loneExpression(String(condition.value)) === name;
    case "not":
      return isTruth(condition.of, name);
    case "all":
    case "any":
      return condition.of.some((part) => isTruth(part, name));
    case "comparison":
      return false;
  }
}
