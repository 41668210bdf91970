import { z } from "zod";
import { toUuid } from "../workers/index.js";

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

/** Makes an id from words. The same words give the same id, so a job that is added twice exists once. */
export function jobId(...words: readonly string[]): string {
  return toUuid(JSON.stringify(words));
}
