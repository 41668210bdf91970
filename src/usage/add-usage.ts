import { roundUsd } from "./prices.js";
import { addTokenUsage } from "./token-usage.js";
import type { Usage, UsageCount } from "./usage.js";

/** Both together, in whatever order and grouping: the reducer of the state. */
export function addUsage(left: Usage, right: Usage): Usage {
  const cutOff = (left.cutOff ?? 0) + (right.cutOff ?? 0);
  return {
    ...addUsageCounts(left, right),
    byRole: {
      planner: addUsageCounts(left.byRole.planner, right.byRole.planner),
      executor: addUsageCounts(left.byRole.executor, right.byRole.executor),
      replanner: addUsageCounts(left.byRole.replanner, right.byRole.replanner),
      answer: addUsageCounts(left.byRole.answer, right.byRole.answer),
    },
    byStep: addByStep(left.byStep, right.byStep),
    ...(cutOff === 0 ? {} : { cutOff }),
  };
}

/** Both together; the cost is unknown where one of them is. */
export function addUsageCounts(left: UsageCount, right: UsageCount): UsageCount {
  return {
    calls: left.calls + right.calls,
    failedCalls: left.failedCalls + right.failedCalls,
    ...addTokenUsage(left, right),
    costUsd: addCosts(left.costUsd, right.costUsd),
  };
}

/** The sum of two costs, null where one of them is not known. */
export function addCosts(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : roundUsd(left + right);
}

// A step may be named "__proto__" or "constructor": a map knows only what was put into it, and fromEntries
// defines properties where an assignment would set the prototype.
function addByStep(left: Usage["byStep"], right: Usage["byStep"]): Usage["byStep"] {
  const sums = new Map(Object.entries(left));
  for (const [stepId, count] of Object.entries(right)) {
    const sum = sums.get(stepId);
    sums.set(stepId, sum === undefined ? count : addUsageCounts(sum, count));
  }
  return Object.fromEntries(sums);
}
