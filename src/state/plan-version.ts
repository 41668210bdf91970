import { z } from "zod";
import { planStepSchema } from "../plan/index.js";

/** One version of a turn's plan. */
export const planVersionSchema = z.object({
  version: z.number().int().min(1),
  reason: z.string().describe("Why this plan was made."),
  by: z.enum(["planner", "replanner", "person", "rule"]),
  at: z.string(),
  steps: z.array(planStepSchema),
  resolves: z.array(z.string()).describe("Ids of the steps whose trouble this version answers."),
  answer: z.string().optional(),
  approval: z
    .enum(["needless", "needed"])
    .optional()
    .describe("Whether a person has to approve it; left out where that is still to be judged."),
});

/** One version of a turn's plan. */
export type PlanVersion = z.infer<typeof planVersionSchema>;
