import { z } from "zod";

/** How much a turn may use; what is left out has no limit. */
export const limitsSchema = z.object({
  maxModelCalls: z.int().min(1).optional().describe("Model calls, each attempt counted once."),
  maxTokens: z.int().min(1).optional().describe("Input and output tokens together."),
  maxCostUsd: z.number().positive().optional().describe("US dollars; every model needs a price then."),
  maxSteps: z
    .int()
    .min(1)
    .optional()
    .describe("Steps that are begun, items of for-each steps each for itself."),
  maxDurationMs: z.int().min(1).optional().describe("Milliseconds from the turn's beginning."),
});

/** How much a turn may use; what is left out has no limit. */
export type Limits = Readonly<z.infer<typeof limitsSchema>>;

/** The name of a limit. */
export type LimitName = keyof Limits;
