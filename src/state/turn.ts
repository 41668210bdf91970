import { z } from "zod";

const unfinishedSchema = z.object({
  steps: z.array(z.string()).describe("What became of its steps: a line of JSON each, long values cut."),
  left: z.array(z.string()).describe("The steps of which that is not known."),
  waiting: z.array(z.string()).describe("What waited for a person when this turn began."),
});

/** A turn that had not ended when the next one began, as lines of JSON. */
export interface UnfinishedTurn extends z.infer<typeof unfinishedSchema> {}

const turnSchema = z.object({
  id: z.string().describe("Id of this turn; a turn begins with each new input."),
  goal: z.string().describe("The goal of this turn, as it was understood."),
  goalMessageId: z.string().nullable().describe("Id of the message that began this turn."),
  planMessageId: z.string().nullable().describe("Id of the message that shows the plan; null: no plan yet."),
  startedAt: z.string().describe("ISO time at which this turn began."),
  againMessageId: z
    .string()
    .optional()
    .describe("Id of the message that asked to go on after a model's failure, if one did."),
  unfinished: unfinishedSchema.optional().describe("The turn before, if it had not ended."),
});

/**
 * A turn: its goal, when it began, and which messages belong to it. A turn begins with a new input and replaces the
 * previous turn.
 */
export interface Turn extends z.infer<typeof turnSchema> {}

/** The schema of the current turn. It is null if no input has come yet. */
export const currentTurnSchema: z.ZodType<Turn | null, Turn | null> = turnSchema.nullable();

export const chosenPlanSchema = z.object({
  name: z.string().describe("Name of a saved plan."),
  with: z.record(z.string(), z.json()).optional().describe("The values of its parameters."),
});

/** The saved plan that a turn is to carry out, so that no planner is asked. */
export interface ChosenPlan extends z.infer<typeof chosenPlanSchema> {}

const feedbackSchema = z.object({
  kind: z.literal("feedback"),
  text: z.string().describe("What a person said of the plan that they rejected."),
});

const remarkSchema = z.object({
  kind: z.literal("remark"),
  text: z.string().describe("What a person said between steps, or as a hint."),
});

/** What a person said about a plan that they rejected. */
export interface Feedback extends z.infer<typeof feedbackSchema> {}
/** What a person said between steps, or as a hint. The replanner gets it. */
export interface Remark extends z.infer<typeof remarkSchema> {}
/** A person's words that no model has seen yet. */
export type Words = Feedback | Remark;

export const wordsSchema: z.ZodType<Words | null, Words | null> = z
  .discriminatedUnion("kind", [feedbackSchema, remarkSchema])
  .nullable();

const runOnSchema = z.object({ kind: z.literal("run-on") });
const replanSchema = z.object({ kind: z.literal("replan") });
const limitSchema = z.object({
  kind: z.literal("limit"),
  reason: z.string().describe("The limit that ends the run, as a sentence."),
});
const giveUpSchema = z.object({ kind: z.literal("give-up") });

/** More steps can run, because the last superstep did not get to them. */
export interface RunOn extends z.infer<typeof runOnSchema> {}
/** The replanner comes next, because the policy or a person asked for it. */
export interface Replan extends z.infer<typeof replanSchema> {}
/** The run ends because it reached a limit. */
export interface LimitMet extends z.infer<typeof limitSchema> {}
/** The run ends because a person gave the turn up. */
export interface GiveUp extends z.infer<typeof giveUpSchema> {}
/** The executor's verdict on what comes next. */
export type Verdict = RunOn | Replan | LimitMet | GiveUp;

/** The schema of the executor's verdict. It is null if nothing more can run. */
export const verdictSchema: z.ZodType<Verdict | null, Verdict | null> = z
  .discriminatedUnion("kind", [runOnSchema, replanSchema, limitSchema, giveUpSchema])
  .nullable();
