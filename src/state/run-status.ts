import { z } from "zod";
import { planAuthorSchema, planStepSchema, stepResultSchema } from "../plan/index.js";
import { undoneSchema } from "./effects.js";

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

/** How far a run has come, or how it ended. */
export type RunStatus = z.infer<typeof runStatusSchema>;

export const runOutcomeSchema = z.object({
  status: runStatusSchema,
  reason: z.string().describe("Why the run ended, as a sentence."),
  code: z
    .literal("STORAGE_FAILED")
    .optional()
    .describe("The reason for programs, where it is none of the run's own: nothing can be stored."),
  understood: z
    .string()
    .optional()
    .describe("The part of the goal that was understood, where the run is refused: a goal to offer instead."),
  failed: z.array(stepResultSchema).describe("Steps that did not come out right and were not replaced."),
  left: z.array(planStepSchema).describe("Steps of the plan that were never done."),
  undone: z
    .array(undoneSchema)
    .optional()
    .describe(
      "The calls that were to be undone, in that order, and what became of each. Left out: none was.",
    ),
});

/** How and why a run ended, what failed, and which steps were never done. */
export interface RunOutcome extends z.infer<typeof runOutcomeSchema> {}

export const undoneEndingSchema = z.object({
  status: runStatusSchema.exclude(["planning", "executing", "waiting"]),
  reason: z.string(),
  understood: z.string().optional(),
  response: z.string(),
  messageId: z.string(),
});

/** The end of a run, as it was when the undo of what it did began. */
export interface UndoneEnding extends z.infer<typeof undoneEndingSchema> {}

export const failureSchema = z.object({
  node: z.enum(["planner", "replanner"]).describe("The node whose model failed."),
  at: z.string().describe("ISO time at which it failed."),
  isTakenUp: z.boolean().optional().describe("True while the turn is being taken up again."),
});

/** A model failure that stopped a turn. */
export interface Failure extends z.infer<typeof failureSchema> {}

export const planVersionSchema = z.object({
  version: z.number().int().min(1),
  reason: z.string().describe("Why this plan was made."),
  by: planAuthorSchema,
  at: z.string(),
  steps: z.array(planStepSchema),
  resolves: z.array(z.string()).describe("Ids of the steps whose trouble this version answers."),
  replaced: z
    .array(stepResultSchema)
    .optional()
    .describe("What became of the steps whose ids steps of this version took; left out if there are none."),
  answer: z.string().optional(),
  approval: z
    .enum(["needless", "needed"])
    .optional()
    .describe("Whether a person has to approve it; left out where that is still to be judged."),
});

/** One version of a turn's plan. */
export interface PlanVersion extends z.infer<typeof planVersionSchema> {}
