import { z } from "zod";

/** A turn begins with a new input; the next turn replaces it. */
const turnSchema = z.object({
  id: z.string().describe("Id of this turn; a turn begins with each new input."),
  goal: z.string().describe("The goal of this turn, as it was understood."),
  goalMessageId: z.string().nullable().describe("Id of the message that began this turn."),
  planMessageId: z.string().nullable().describe("Id of the message that shows the plan; null: no plan yet."),
  startedAt: z.string().describe("ISO time at which this turn began."),
});

/** A turn: what it is about, when it began, and which messages belong to it. */
export interface Turn extends z.infer<typeof turnSchema> {}

/** The turn, or null where no input has come yet. */
export const currentTurnSchema: z.ZodType<Turn | null, Turn | null> = turnSchema.nullable();

const feedbackSchema = z.object({
  kind: z.literal("feedback"),
  text: z.string().describe("What a person said of the plan that they rejected."),
});

const remarkSchema = z.object({
  kind: z.literal("remark"),
  text: z.string().describe("What a person said between steps, or as a hint."),
});

/** A person's words on a plan that they rejected. */
export interface Feedback extends z.infer<typeof feedbackSchema> {}
/** A person's words between steps, or as a hint: they are for the replanner. */
export interface Remark extends z.infer<typeof remarkSchema> {}
/** A person's words that no model has been told yet. */
export type Words = Feedback | Remark;

/** A person's words that no model has been told yet, or null. */
export const wordsSchema: z.ZodType<Words | null, Words | null> = z
  .discriminatedUnion("kind", [feedbackSchema, remarkSchema])
  .nullable();

const runOnSchema = z.object({ kind: z.literal("run-on") });
const replanSchema = z.object({ kind: z.literal("replan") });
const limitSchema = z.object({
  kind: z.literal("limit"),
  reason: z.string().describe("The limit that ends the run, as a sentence."),
});

/** Steps can run that the last superstep did not get to. */
export interface RunOn extends z.infer<typeof runOnSchema> {}
/** The replanner is asked next: the policy or a person wants it. */
export interface Replan extends z.infer<typeof replanSchema> {}
/** The run ends at a limit. */
export interface LimitMet extends z.infer<typeof limitSchema> {}
/** What the executor found is to come next. */
export type Verdict = RunOn | Replan | LimitMet;

/** What the executor found is to come next; null: nothing more can run. */
export const verdictSchema: z.ZodType<Verdict | null, Verdict | null> = z
  .discriminatedUnion("kind", [runOnSchema, replanSchema, limitSchema])
  .nullable();
