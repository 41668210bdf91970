import { z } from "zod";

/** The most characters of a message between steps. A goal may have as many. */
const MAX_TEXT_CHARACTERS = 100_000;

export const steerChangeSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("message"),
    text: z
      .string()
      .trim()
      .min(1)
      .max(MAX_TEXT_CHARACTERS)
      .describe("Told to the replanner, which may change the plan or answer."),
  }),
  z.object({
    type: z.literal("skip"),
    stepId: z.string().describe("A step that is open or did not come out right: its output counts as null."),
  }),
  z.object({
    type: z.literal("retry"),
    stepId: z.string().describe("A step that did not come out right: it is done again."),
  }),
  z.object({
    type: z.literal("cancel"),
    stepId: z.string().describe("A step that runs: it is stopped at once, and counts as rejected."),
  }),
  z.object({ type: z.literal("give-up") }).describe("Ends the turn as cancelled, when what runs has ended."),
  z.object({
    type: z.literal("plan"),
    steps: z.array(z.unknown()).describe("What is still to be done, in place of all that is open."),
    answer: z.string().optional().describe("Id of the step whose output is the answer, if there is one."),
  }),
]);

/** A change that a person may make between the steps of a turn. */
export type SteerChange = z.infer<typeof steerChangeSchema>;

const unwritable = z.undefined({ error: "is set by the agent, and cannot be written" }).optional();

/** The schema of a change that comes from outside. The agent itself adds the other fields. */
export const steerInputSchema = z.intersection(
  steerChangeSchema,
  z.object({ by: z.string().optional(), at: unwritable, messageId: unwritable, saidBy: unwritable }),
);

/** A change from outside, with who makes it. */
export type SteerInput = SteerChange & { readonly by?: string; readonly saidBy?: string };

export const steeringSchema = z.intersection(
  steerChangeSchema,
  z.object({
    at: z.string(),
    by: z.string().optional().describe("Who made it: the server's user, or whom the program named."),
    saidBy: z
      .string()
      .optional()
      .describe("Who it says it is from, where it was written to the state and no server knows its user."),
    messageId: z
      .string()
      .optional()
      .describe("The message of the conversation that a change in words became."),
  }),
);

/** A change as the state keeps it: with who made it, and when. */
export type Steering = SteerInput & { readonly at: string; readonly messageId?: string };
