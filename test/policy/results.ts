import type { PlanStep, StepResult, StepStatus } from "../../src/plan/index.js";

/** What became of a step, as a test needs it. */
export function result(id: string, status: StepStatus, fields: Partial<StepResult> = {}): StepResult {
  return {
    id,
    description: `step ${id}`,
    status,
    attempts: 1,
    endedAt: "2026-01-01T00:00:00.000Z",
    ...fields,
  };
}

/** A step of a plan, as a test needs it. */
export function step(id: string, fields: Partial<PlanStep> = {}): PlanStep {
  return { id, description: `step ${id}`, ...fields };
}

/** The error of a step behind one that failed. */
export const behind = { code: "DEPENDENCY_FAILED", message: "Step 1 did not come out right." } as const;
