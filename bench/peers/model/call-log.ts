import { z } from "zod";

/** A call of a model, as the server saw it. */
export const loggedCallSchema = z.object({
  purpose: z.enum(["plan", "replan", "answer", "step", "loop"]),
  model: z.enum(["large", "small"]),
  itemId: z.string().optional(),
  inputTokens: z.number(),
  /** How many of them are the beginning of an earlier call of the run, so that a provider may have them in its cache. */
  repeatedTokens: z.number(),
  toolTokens: z.number(),
  outputTokens: z.number(),
  /** After how many tokens of the answer each step of a plan was complete. */
  marks: z.array(z.object({ itemId: z.string(), tokens: z.number() })),
  /** The role's prompt, up to what is the run's own. */
  system: z.string(),
  human: z.string(),
});

/** What the log holds of a call. */
export type LoggedCall = z.infer<typeof loggedCallSchema>;

/** What a run's log is as JSON. */
export const logSchema = z.object({ calls: z.array(loggedCallSchema), failure: z.string().optional() });
