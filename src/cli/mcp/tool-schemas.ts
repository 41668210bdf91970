// What the tools take and give. The descriptions are for the client's model.
import { z } from "zod";

/** No id of ours is longer, and a longer one would only be carried into locks and queries. */
const MAX_ID = 1_000;

const threadId = z.string().min(1).max(MAX_ID);
const ofThread = threadId.describe("The thread's id, as run, plan and threads give it.");
const forFollowUp = threadId
  .optional()
  .describe("A thread to go on with, for a follow-up. Left out: a new one.");
const goal = z
  .string()
  .refine((text) => text.trim() !== "", "Say in words what is to be done")
  .describe("What is to be done, in words, with all that has to be known for it.");

export const goalSchema = z.strictObject({ goal, threadId: forFollowUp });

export const threadSchema = z.strictObject({ threadId: ofThread });

export const noneSchema = z.strictObject({});

const decisionSchema = z
  .strictObject({
    type: z.enum(["approve", "edit", "reject", "respond"]),
    message: z.string().optional().describe("With reject: why, or what to do instead."),
    editedAction: z
      .strictObject({ name: z.string(), args: z.record(z.string(), z.unknown()) })
      .optional()
      .describe("With edit: the call, or the plan's text, in place of the one that waits."),
    response: z.unknown().optional().describe("With respond: the answer to a tool's question."),
  })
  .describe("One of the action's allowedDecisions.");

/** What `resume` takes where the operator lets it take decisions. */
export const answerSchema = z.strictObject({
  threadId: ofThread,
  answer: z
    .strictObject({
      requestId: z
        .string()
        .max(MAX_ID)
        .describe("The id of the request that is answered, as waiting.requestId has it."),
      decisions: z.array(decisionSchema).min(1).describe("One for each action that waits, in their order."),
    })
    .optional()
    .describe("What the user decided about what waits. Ask the user, and never decide in their place."),
});

/** A decision about what waits, as a client brings it. */
export type GivenAnswer = z.infer<typeof answerSchema>["answer"];

const actionSchema = z.object({
  kind: z.enum(["action", "plan", "guidance"]),
  name: z.string().describe("The tool, or plan, or guidance."),
  args: z.record(z.string(), z.unknown()),
  description: z.string(),
  stepId: z.string().optional(),
  reason: z.string().optional().describe("Why the run cannot go on by itself."),
  allowedDecisions: z.array(z.string()),
});

const waitingSchema = z.object({
  requestId: z.string(),
  actions: z.array(actionSchema),
  expiresAt: z.string().optional(),
  problem: z.string().optional().describe("Why the last answer was not taken."),
});

const stepSchema = z.object({
  id: z.string(),
  description: z.string(),
  tool: z.string().optional(),
  dependsOn: z.array(z.string()),
  status: z.string().describe("open, running, or how it ended."),
  output: z.string().optional().describe("What it gave, cut where it is long."),
  error: z.string().optional(),
});

export const runResultSchema = z.object({
  threadId: z.string(),
  status: z
    .enum([
      "done",
      "incomplete",
      "refused",
      "failed",
      "waiting",
      "planned",
      "running",
      "unfinished",
      "cancelled",
    ])
    .describe(
      "waiting: a person has to decide first. planned: nothing was done yet. unfinished: cut off, or at work elsewhere.",
    ),
  goal: z.string(),
  answer: z.string().describe("The answer, or what was achieved."),
  reason: z.string().optional().describe("Why the run did not end as done."),
  steps: z.array(stepSchema),
  waiting: waitingSchema.optional(),
  next: z.string().describe("What can be done with the thread now."),
  usage: z.object({
    modelCalls: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    costUsd: z.number().nullable().describe("null: a price is not known."),
  }),
});

/** What is told of a thread. */
export type RunResult = z.infer<typeof runResultSchema>;

export const threadsResultSchema = z.object({
  threads: z.array(
    z.object({
      threadId: z.string(),
      status: z.string(),
      changedAt: z.string().optional(),
      goal: z.string(),
      waits: z.array(z.string()).describe("What waits for a person."),
    }),
  ),
  count: z.number().describe("How many threads there are. Those that changed last are listed."),
});
