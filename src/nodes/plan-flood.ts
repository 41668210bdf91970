// What is wrong with a plan goes back to its model, into the events and into the state. A model that runs away hands in
// tens of thousands of steps, each with something wrong: to look at them all would hold up the process for seconds,
// and to tell it all would fill the next prompt.
import type { PlanIssue } from "../plan/index.js";

/** Steps beyond this many times those that are allowed are not looked at. */
const FLOOD_FACTOR = 5;
/** Fewer steps than this are always looked at, however few are allowed. */
const LEAST_FLOOD = 200;
/** Issues of one plan that are told. */
const MAX_TOLD_ISSUES = 50;

/** The one issue of a plan with so many steps that nothing else of it matters; undefined where it has not. */
export function findFlood(plan: unknown, maxSteps: number): PlanIssue | undefined {
  const steps = typeof plan === "object" && plan !== null && "steps" in plan ? plan.steps : undefined;
  const most = Math.max(LEAST_FLOOD, FLOOD_FACTOR * maxSteps);
  if (!Array.isArray(steps) || steps.length <= most) return undefined;
  const message = `The plan has ${steps.length} steps, and ${maxSteps} are allowed. Nothing else of it was looked at.`;
  return { code: "too-many-steps", message };
}

/** The issues as they are told: the first ones, and how many more there are. */
export function tellable(issues: readonly PlanIssue[]): readonly PlanIssue[] {
  const left = issues.length - MAX_TOLD_ISSUES;
  if (left <= 0) return issues;
  const message = `There are ${left} more issues: put these right first.`;
  return [...issues.slice(0, MAX_TOLD_ISSUES), { code: "malformed", message }];
}
