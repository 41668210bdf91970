import { createHash } from "node:crypto";
import { z } from "zod";

const THREAD = { agent: z.string(), threadId: z.string(), tenant: z.string() };

/**
 * What is in a job. Each is one turn of a thread, or a part of one: until the run ends, or waits for a person.
 *
 *   turn      a new input; null: go on with what was cut off
 *   answer    a person's answer to a request. The job is where the answer is stored.
 *   expiry    the time of a request is over
 *   steering  a person's changes, which stand in a table of their own
 */
export const jobSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("turn"),
    ...THREAD,
    input: z.union([z.string(), z.record(z.string(), z.unknown()), z.null()]),
  }),
  z.object({
    kind: z.literal("answer"),
    ...THREAD,
    requestId: z.string(),
    answer: z.record(z.string(), z.unknown()),
  }),
  z.object({ kind: z.literal("expiry"), ...THREAD, requestId: z.string() }),
  z.object({ kind: z.literal("steering"), ...THREAD }),
]);

/** What is in a job. */
export type JobData = z.infer<typeof jobSchema>;

/** Makes the same id of the same words, in the form of a UUID: a job that is added twice is there once. */
export function jobId(...words: readonly string[]): string {
  const hex = createHash("sha256").update(JSON.stringify(words)).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
