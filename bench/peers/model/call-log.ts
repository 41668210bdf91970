import { z } from "zod";

/** A model call, as the server saw it. */
export const loggedCallSchema = z.object({
  purpose: z.enum(["plan", "replan", "answer", "step", "loop"]),
  model: z.enum(["large", "small"]),
  itemId: z.string().optional(),
  inputTokens: z.number(),
  /**
   * How many of them repeat the beginning of an earlier call of the run, so that a provider may have them in its
   * cache.
   */
  repeatedTokens: z.number(),
  toolTokens: z.number(),
  outputTokens: z.number(),
  /** The number of answer tokens after which each step of a plan was complete. */
  marks: z.array(z.object({ itemId: z.string(), tokens: z.number() })),
  /** The role's prompt, up to the part that depends on the run. */
  system: z.string(),
  human: z.string(),
});

export type LoggedCall = z.infer<typeof loggedCallSchema>;

/** A run's log as JSON. */
export const logSchema = z.object({ calls: z.array(loggedCallSchema), failure: z.string().optional() });
