import type { StepResult } from "../plan/index.js";
import type { PlanVersion } from "./plan-version.js";

/** The new value in place of the old one. */
export function replaceValue<T>(_current: T, update: T): T {
  return update;
}

/** Results by step id, in the order in which they first came; a later one for a step takes its place. */
export function mergeResults(current: StepResult[], update: StepResult[]): StepResult[] {
  const merged = new Map(current.map((result) => [result.id, result]));
  for (const result of update) merged.set(result.id, result);
  return [...merged.values()];
}

/** Versions by number; one that is there already is replaced. */
export function mergeVersions(current: PlanVersion[], update: PlanVersion[]): PlanVersion[] {
  const merged = new Map(current.map((version) => [version.version, version]));
  for (const version of update) merged.set(version.version, version);
  return [...merged.values()];
}
