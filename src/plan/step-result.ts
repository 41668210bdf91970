import { z } from "zod";

/** The schema of how a step ended. */
export const stepStatusSchema = z.enum(["done", "failed", "blocked", "unexpected", "skipped", "rejected"]);

/** How a step ended. */
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** The schema of the codes by which programs tell why a step did not end as planned. */
export const stepErrorCodeSchema = z.enum([
  "TOOL_FAILED",
  "TOOL_UNKNOWN",
  "INVALID_ARGS",
  "TIMEOUT",
  "OUTCOME_UNKNOWN",
  "UNEXPECTED_OUTPUT",
  "REFERENCE_FAILED",
  "DEPENDENCY_FAILED",
  "NOT_A_LIST",
  "TOO_MANY_ITEMS",
  "ITEMS_FAILED",
  "BLOCKED",
  "REJECTED",
  "REFUSED",
  "TOOL_ROUNDS_EXCEEDED",
  "LIMIT_REACHED",
  "MODEL_UNKNOWN",
  "MODEL_UNAVAILABLE",
  "MODEL_FAILED",
  "MODEL_EMPTY",
  "MODEL_UNREADABLE",
  "MODEL_CUT_OFF",
  "MODEL_TOO_LONG",
  "MODEL_REFUSED",
  "STEP_FAILED",
]);

/** Why a step did not end as planned, as a code for programs. */
export type StepErrorCode = z.infer<typeof stepErrorCodeSchema>;

/** The schema of why a step did not end as planned: a code for programs, a message for people. */
export const stepErrorSchema = z.object({ code: stepErrorCodeSchema, message: z.string() });

/** Why a step did not end as planned. */
export type StepError = z.infer<typeof stepErrorSchema>;

/** The schema of an attempt that failed and that another one followed. */
const retriedAttemptSchema = z.object({
  at: z.string().describe("ISO time at which the attempt failed."),
  delayMs: z.number().min(0).describe("How long the step waited before the next attempt."),
  error: z.string().describe("Why it failed."),
});

/** An attempt at a step that failed and that another one followed. */
export type RetriedAttempt = z.infer<typeof retriedAttemptSchema>;

/** The schema of a step's result, an entry of `pastSteps`. Plain JSON, never changed once written. */
export const stepResultSchema = z.object({
  id: z.string(),
  description: z.string(),
  status: stepStatusSchema,
  tool: z.string().optional(),
  args: z
    .record(z.string(), z.json())
    .optional()
    .describe("The arguments as they were sent, references filled in."),
  output: z.json().optional().describe("What the step gave; absent where it gave nothing."),
  artifact: z.json().optional().describe("What the tool gave beside its content, where it is JSON."),
  truncated: z.boolean().optional().describe("True when the output was larger than what the state keeps."),
  items: z.number().int().min(0).optional().describe("How many items of a for-each step were begun."),
  error: stepErrorSchema.optional(),
  attempts: z.number().int().min(0).describe("How often the step was tried; 0 if it never started."),
  retries: z
    .array(retriedAttemptSchema)
    .optional()
    .describe("The attempts before the last one; left out if there was no other."),
  startedAt: z.string().optional().describe("ISO time at which the first attempt began."),
  endedAt: z.string().describe("ISO time at which the step settled."),
});

/** The result of a step that settled. */
export type StepResult = z.infer<typeof stepResultSchema>;

/** The results of a turn, split by whether a new step takes their id and so replaces them. */
interface SplitResults {
  readonly kept: StepResult[];
  readonly replaced: StepResult[];
}

/** Finds the results that new steps replace: those with the same id, except of steps that are done. */
export function splitReplaced(
  results: readonly StepResult[],
  newSteps: readonly { readonly id: string }[],
): SplitResults {
  const ids = new Set(newSteps.map(({ id }) => id));
  const isReplaced = ({ id, status }: StepResult) => status !== "done" && ids.has(id);
  return { kept: results.filter((one) => !isReplaced(one)), replaced: results.filter(isReplaced) };
}

/** Whether the dependents of a step may run: it is done, or its own condition skipped it. */
export function isPassable(result: Pick<StepResult, "status" | "error">): boolean {
  return result.status === "done" || (result.status === "skipped" && result.error === undefined);
}
