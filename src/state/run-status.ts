import { z } from "zod";
import { planStepSchema, stepResultSchema } from "../plan/index.js";

/** Where a run stands. */
export const runStatusSchema = z.enum([
  "planning",
  "executing",
  "waiting",
  "done",
  "incomplete",
  "failed",
  "refused",
  "cancelled",
]);

/** Where a run stands. */
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Why a run ended as it did. */
export const runOutcomeSchema = z.object({
  status: runStatusSchema,
  reason: z.string().describe("Why the run ended, as a sentence."),
  code: z
    .literal("STORAGE_FAILED")
    .optional()
    .describe("The reason for programs, where it is none of the run's own: nothing can be stored."),
  failed: z.array(stepResultSchema).describe("Steps that did not come out right and were not replaced."),
  left: z.array(planStepSchema).describe("Steps of the plan that were never done."),
});

/** Why a run ended as it did: what failed, and what was left. */
export type RunOutcome = z.infer<typeof runOutcomeSchema>;
