import { z } from "zod";

const saidSchema = z.object({
  type: z.string(),
  text: z.string(),
  calls: z
    .array(z.object({ name: z.string(), args: z.unknown() }))
    .readonly()
    .optional(),
});

/** How a run ended that was stopped. */
export const OUT_OF_TIME = "out of time";

/** The schema of what is kept of one run of a task. */
export const transcriptSchema = z.object({
  suite: z.string(),
  task: z.string(),
  split: z.enum(["open", "held"]).optional(),
  agent: z.string(),
  question: z.string(),
  answer: z.string(),
  /** The agent's own word for how it ended. */
  status: z.string(),
  isRight: z.boolean(),
  /** What is wrong, each in a sentence. */
  faults: z.array(z.string()).readonly(),
  /** Why the answer is none for a person: a raw call, a plan, … */
  raw: z.string().optional(),
  repairs: z.number(),
  replans: z.number(),
  seconds: z.number(),
  costUsd: z.number().nullable(),
  calls: z.array(
    z.object({
      role: z.string(),
      model: z.string(),
      prompt: z.array(saidSchema).readonly(),
      answer: saidSchema.optional(),
      error: z.string().optional(),
      inputTokens: z.number(),
      outputTokens: z.number(),
      cachedInputTokens: z.number(),
    }),
  ),
});

/** What is kept of one run of a task. */
export type Transcript = z.infer<typeof transcriptSchema>;
