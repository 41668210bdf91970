import { copyJson, isRecord } from "../../base/index.js";
import { findJson } from "../json-in-text.js";
import type { PlanUse } from "./saved-plan.js";

/** Reads the name of a saved plan and its values: `{ use, with }`, also as JSON in a text. Undefined if it is a plan. */
export function readPlanUse(raw: unknown): PlanUse | undefined {
  if (typeof raw === "string") {
    const [found] = findJson(raw).filter(({ isWhole }) => isWhole);
    return found === undefined ? undefined : readPlanUse(found.value);
  }
  const copy = copyJson(raw);
  if (!copy.ok || !isRecord(copy.value)) {
    return undefined;
  }
  const { use, with: values, steps } = copy.value;
  const hasSteps = Array.isArray(steps) && steps.length > 0;
  return typeof use === "string" && !hasSteps ? { use, with: isRecord(values) ? values : {} } : undefined;
}
