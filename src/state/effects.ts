import { z } from "zod";

export const effectSchema = z.object({
  key: z.string().describe("The idempotency key of the call."),
  stepId: z.string().describe("The step, or the item of a for-each step: id[0]."),
  tool: z.string(),
  args: z.record(z.string(), z.json()).describe("What the tool was called with."),
  output: z.json().optional().describe("What it gave, where it was carried out."),
  state: z
    .enum(["done", "unknown", "not-done"])
    .describe("Whether the call was carried out; unknown: nobody knows."),
  at: z.string().describe("ISO time at which this was known."),
});

/** A call that may have changed something, and that has to be known later: to undo it, or so that it is not repeated. */
export interface Effect extends z.infer<typeof effectSchema> {}

/** Merges effects by key. What is known last of a call holds, and it stands where it was last known, in order of time. */
export function mergeEffects(current: Effect[], update: Effect[]): Effect[] {
  const keys = new Set(update.map(({ key }) => key));
  const latest = new Map(update.map((effect) => [effect.key, effect]));
  return [...current.filter(({ key }) => !keys.has(key)), ...latest.values()];
}

export const undoneSchema = z.object({
  key: z.string().describe("The idempotency key of the call that was to be undone."),
  stepId: z.string(),
  tool: z.string(),
  args: z.record(z.string(), z.json()),
  status: z.enum(["undone", "not-undone"]),
  output: z.json().optional().describe("What the undo gave, where it was made."),
  reason: z.string().optional().describe("Why the call could not be undone."),
  at: z.string().describe("ISO time at which this was known."),
});

/** What became of the undo of one call. */
export interface Undone extends z.infer<typeof undoneSchema> {}
