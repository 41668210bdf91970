import { z } from "zod";
import type { JsonValue } from "../base/index.js";

const jsonValueSchema: z.ZodType<JsonValue, JsonValue> = z.json();

/** The schema of one step of a plan, in the public form. */
export const planStepSchema = z.object({
  id: z.string().min(1).max(64).describe("Short id, stable for the whole turn."),
  description: z.string().describe("What this step does, in words."),
  tool: z
    .string()
    .optional()
    .describe("The tool that does the step. Left out: a worker or an agent does it."),
  tools: z
    .array(z.string())
    .optional()
    .describe("The tools that an agent may use, by name. []: none, it only writes. Left out: all."),
  worker: z
    .string()
    .optional()
    .describe("The worker that does the step, by name, from the description and the outputs before it."),
  model: z
    .enum(["strong"])
    .optional()
    .describe("strong: executor.strongModel does the model's part of the step, if there is one."),
  args: z
    .record(z.string(), jsonValueSchema)
    .optional()
    .describe("Complete arguments of the tool; may hold references such as {{id}} or {{id.path}}."),
  dependsOn: z
    .array(z.string())
    .optional()
    .describe("Ids of the steps that must be done first. Left out: worked out. []: free."),
  forEach: z
    .string()
    .optional()
    .describe("One reference to a list, or a list as JSON: the step is done for each {{item}}."),
  if: z
    .string()
    .optional()
    .describe(
      "Condition such as {{id}}, !{{id}} or {{id.count}} > 0: the step is skipped when it is not met.",
    ),
  expect: z.string().optional().describe("What the output must satisfy, in words."),
  pitfalls: z.string().optional().describe("What can go wrong at this step, in words; told to its executor."),
});

/** The schema of a plan: its steps and, if it can be said before the work is done, the answer. */
export const planSchema = z.object({
  steps: z.array(planStepSchema),
  answer: z
    .string()
    .optional()
    .describe(
      "Id of the step whose output is the answer, or the answer's words with references such as {{id}}.",
    ),
});

/** One step of a plan. */
export type PlanStep = z.infer<typeof planStepSchema>;

/** A plan: its steps, and perhaps its answer. */
export type Plan = z.infer<typeof planSchema>;

/** The schema of who made a plan. `rule` is the agent's own code, for when no valid plan came. */
export const planAuthorSchema = z.enum(["planner", "replanner", "person", "rule", "saved"]);

/** Who made a plan. */
export type PlanAuthor = z.infer<typeof planAuthorSchema>;

/** Whether the agent of a step may use a tool. */
export function mayUse({ tools }: Pick<PlanStep, "tools">, toolName: string): boolean {
  return tools === undefined || tools.includes(toolName);
}

/** How a step is done: by a tool with given arguments, by a tool whose arguments a model writes, or by an agent. */
type StepKind = "direct" | "call" | "agent";

/** Says how a step is done. Whether it is repeated for each item of a list is a separate question. */
export function stepKind(step: Pick<PlanStep, "tool" | "args">): StepKind {
  if (step.tool === undefined) {
    return "agent";
  }
  return step.args === undefined ? "call" : "direct";
}
