import { z } from "zod";
import { emptyTokenUsage, tokenUsageSchema } from "./token-usage.js";

/** For what a model is called. */
export const usageRoleSchema = z.enum(["planner", "executor", "replanner", "answer"]);

/** For what a model is called. */
export type UsageRole = z.infer<typeof usageRoleSchema>;

/** Calls, tokens and dollars. */
export const usageCountSchema = tokenUsageSchema.extend({
  calls: z.int().min(0).describe("Model calls, each attempt counted once."),
  failedCalls: z.int().min(0).describe("Those of the calls that failed."),
  costUsd: z
    .number()
    .min(0)
    .nullable()
    .describe("What the calls cost, in US dollars; null where a model was called whose price is not known."),
});

/** Calls, tokens and dollars. */
export type UsageCount = z.infer<typeof usageCountSchema>;

/** What a turn used: in all, by role, and by step. Plain JSON. */
export const usageSchema = usageCountSchema.extend({
  byRole: z
    .object({
      planner: usageCountSchema.describe("What planning used."),
      executor: usageCountSchema.describe("What the steps used."),
      replanner: usageCountSchema.describe("What replanning used."),
      answer: usageCountSchema.describe("What the closing calls used."),
    })
    .describe("What each role used."),
  byStep: z.record(z.string(), usageCountSchema).describe("What each step used, by its id."),
  cutOff: z
    .int()
    .min(1)
    .optional()
    .describe(
      "How often work was cut off (a kill, a cancel) and begun again: what the calls then under way cost is not " +
        "in here, so at least this much was billed. Left out: never.",
    ),
});

/** What a turn used: in all, by role, and by step. */
export type Usage = z.infer<typeof usageSchema>;

/** The usage of work that was cut off: it cost nothing that is known. */
export function cutOffUsage(): Usage {
  return { ...emptyUsage(), cutOff: 1 };
}

/** The count of no call: it costs nothing, which is not the same as an unknown cost. */
export function emptyUsageCount(): UsageCount {
  return { calls: 0, failedCalls: 0, ...emptyTokenUsage(), costUsd: 0 };
}

/** The usage of a turn that has called no model. */
export function emptyUsage(): Usage {
  return {
    ...emptyUsageCount(),
    byRole: {
      planner: emptyUsageCount(),
      executor: emptyUsageCount(),
      replanner: emptyUsageCount(),
      answer: emptyUsageCount(),
    },
    byStep: {},
  };
}
