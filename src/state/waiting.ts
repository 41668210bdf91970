import { z } from "zod";
import { planStepSchema, stepResultSchema } from "../plan/index.js";

export const decisionTypeSchema = z.enum(["approve", "edit", "reject", "respond"]);

/** The kinds of answer that a person may give. */
export type DecisionType = z.infer<typeof decisionTypeSchema>;

const argumentsSchema = z.record(z.string(), z.json());

export const waitingActionSchema = z.object({
  kind: z.literal("action"),
  actionId: z.string().describe("Names step, tool and arguments; a decision holds for these alone."),
  stepId: z.string(),
  worker: z.string().optional().describe("The worker that asks, in the middle of its step."),
  tool: z.string(),
  args: argumentsSchema.describe("What the tool is called with."),
  made: z.json().optional().describe("What the tool's schema makes of them, where they do not say it."),
  description: z.string().optional(),
  asks: z
    .json()
    .optional()
    .describe("What the tool asks, if it is the tool that waits, in the middle of its call."),
  outcome: z
    .literal("unknown")
    .optional()
    .describe("What is asked is whether the call was carried out, because nobody knows."),
  undoes: z.string().optional().describe("The key of the call that is to be undone, if that is what waits."),
  allowedDecisions: z.array(decisionTypeSchema),
});

export const waitingPlanSchema = z.object({
  kind: z.literal("plan"),
  actionId: z.string(),
  version: z.number().int(),
  steps: z.array(planStepSchema).describe("The steps that would be done."),
  allowedDecisions: z.array(decisionTypeSchema),
});

export const waitingGuidanceSchema = z.object({
  kind: z.literal("guidance"),
  actionId: z.string(),
  reason: z.string().describe("Why the run cannot go on."),
  steps: z.array(planStepSchema).describe("The steps that failed, and those that are left."),
  allowedDecisions: z.array(decisionTypeSchema),
});

export const waitingSchema = z.discriminatedUnion("kind", [
  waitingActionSchema,
  waitingPlanSchema,
  waitingGuidanceSchema,
]);

/** One tool call that waits for a person. */
export type WaitingAction = z.infer<typeof waitingActionSchema>;
/** A plan that waits for a person. */
export type WaitingPlan = z.infer<typeof waitingPlanSchema>;
/** A run that cannot go on by itself and waits for a person's guidance. */
export type WaitingGuidance = z.infer<typeof waitingGuidanceSchema>;
/** A tool call, a plan or a run that waits for a person. */
export type Waiting = z.infer<typeof waitingSchema>;

const requestSchema = z.object({
  id: z.string(),
  askedAt: z.string().describe("ISO time at which the request was made."),
  expiresAt: z
    .string()
    .nullable()
    .describe("ISO time from which the request takes no answer; null: it never expires."),
  refusal: z.string().nullable().describe("Why the last answer was refused; null: none was."),
  toNotify: z.boolean().describe("Whether somebody is still to be told that the request waits."),
  waiting: z.array(waitingSchema).describe("What waits, in the order in which it is to be answered."),
});

/** A request that a person must answer before the run goes on. At least one thing waits in it. */
export interface OpenRequest extends z.infer<typeof requestSchema> {}

/** The schema of the open request. It is null if nothing waits. */
export const openRequestSchema: z.ZodType<OpenRequest | null, OpenRequest | null> = requestSchema.nullable();

/** A tool call as the person saw it. */
const shownCallSchema = z.object({ tool: z.string(), args: argumentsSchema });

export const decisionSchema = z.object({
  actionId: z.string(),
  requestId: z.string(),
  type: decisionTypeSchema,
  by: z.string().optional().describe("Who decided: the server's user, or who the answer says it is from."),
  stepId: z.string().optional().describe("The step whose call was shown."),
  shown: shownCallSchema.optional().describe("The call that was shown: the decision holds for it alone."),
  tool: z.string().optional().describe("The tool to call instead, where the call was edited."),
  args: argumentsSchema.optional().describe("The arguments to call with, where the call was edited."),
  message: z.string().optional().describe("The person's words, where the call was rejected."),
  response: z.json().optional().describe("The person's answer, where the tool asked a question."),
  isVoid: z
    .boolean()
    .optional()
    .describe("True when the step is done again: its actions are asked for anew."),
  isSpent: z
    .boolean()
    .optional()
    .describe(
      "True when its call has begun: another call is asked for anew, however much it is like this one.",
    ),
  askedAt: z.string().optional().describe("ISO time at which the request was made."),
  at: z.string().describe("ISO time at which the answer was taken."),
});

/** What a person decided about one action or plan. */
export type Decision = z.infer<typeof decisionSchema>;

/** The rules of approval that hold until a turn ends. */
export const standingRulesSchema = z.object({
  plan: z.enum(["never", "asked", "once", "always"]),
  tools: z.array(z.string()).describe("Tools of which every call waits."),
  calls: z.array(z.string()).describe("Fingerprints of calls that waited."),
  requireRequestId: z.boolean(),
});

export const suspendedStepSchema = z.object({
  stepId: z.string().describe("The step, or the item of a for-each step: id[0]."),
  stepHash: z.string().describe("What the step was: a changed step of the same id begins anew."),
  startedAt: z.string(),
  attempts: z.number().int(),
  args: argumentsSchema.optional().describe("What the step's tool is to be called with."),
  given: argumentsSchema
    .optional()
    .describe("The arguments that this was read out of by the tool's schema, where they were others."),
  transcript: z.array(z.json()).optional().describe("The messages of an agent step, as stored messages."),
  rounds: z
    .number()
    .int()
    .optional()
    .describe("How often an agent step's model has called tools, where its messages do not tell."),
  middleware: z
    .record(z.string(), z.json())
    .optional()
    .describe("What the middleware of an agent step keeps in the agent's state."),
  items: z.array(stepResultSchema).optional().describe("Items of a for-each step that have ended."),
});

/** What a step that waits for a person has done so far. After the answer the step goes on from there. */
export type SuspendedStep = z.infer<typeof suspendedStepSchema>;
