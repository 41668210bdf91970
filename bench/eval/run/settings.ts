import { z } from "zod";
import { KNOWN_PRICES, type Prices } from "../../../src/index.js";

/** What makes a run the run that it is. A run that goes on, and one that is replayed, has the same. */
export const settingsSchema = z.object({
  model: z.string(),
  small: z.string().optional(),
  judge: z.string().optional(),
  baseUrl: z.string().optional(),
  maxTokens: z.number().int().positive().optional(),
  agents: z.array(z.enum(["ours", "react", "react-text"])),
  suites: z.array(z.string()),
  split: z.enum(["open", "held"]).optional(),
  sample: z.number().int().positive().optional(),
  /** Further options of our agent. */
  options: z.record(z.string(), z.unknown()),
  prices: z.record(z.string(), z.object({ inputPerMillion: z.number(), outputPerMillion: z.number() })),
});

/** The settings of a run. */
export type EvalSettings = z.infer<typeof settingsSchema>;

/** What changes the results of a task. What is left of the settings chooses tasks. */
export function identityOf({ model, small, judge, maxTokens, options }: EvalSettings): string {
  return JSON.stringify({ model, small, judge, maxTokens, options });
}

/** The prices of a run: those that are known, and those that were given. */
export function pricesOf({ prices }: EvalSettings): Prices {
  return { ...KNOWN_PRICES, ...prices };
}
