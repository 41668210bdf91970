import { z } from "zod";

/** How a step ended. */
export const stepStatusSchema = z.enum(["done", "failed", "blocked", "unexpected", "skipped", "rejected"]);

/** How a step ended. */
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** Why a step did not end as planned: a code for programs, a message for people. */
export const stepErrorSchema = z.object({
  code: z
    .string()
    .describe("TOOL_FAILED, INVALID_ARGS, TIMEOUT, BLOCKED, UNEXPECTED_OUTPUT, DEPENDENCY_FAILED, …"),
  message: z.string(),
});

/** What became of one step: the entry that `pastSteps` holds. Plain JSON, never changed once written. */
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
  error: stepErrorSchema.optional(),
  attempts: z.number().int().min(0).describe("How often the step was tried; 0 if it never started."),
  startedAt: z.string().optional().describe("ISO time at which the first attempt began."),
  endedAt: z.string().describe("ISO time at which the step settled."),
});

/** What became of one step. */
export type StepResult = z.infer<typeof stepResultSchema>;

/** Whether dependents of a step that ended so may run: it is done, or its own condition skipped it. */
export function isPassable(result: Pick<StepResult, "status" | "error">): boolean {
  return result.status === "done" || (result.status === "skipped" && result.error === undefined);
}
