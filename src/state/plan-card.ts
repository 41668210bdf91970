// The plan as a card: an item of LangGraph's generative UI. A client renders the component `plan` with these props, and
// updates it in place under its id. The channel `ui` keeps the cards, so that they outlive the run that showed them.
import { z } from "zod";
import { planAuthorSchema } from "../plan/index.js";
import { runStatusSchema } from "./run-status.js";

const cardStepSchema = z.object({
  id: z.string(),
  text: z.string().describe("What the step does, in words."),
  state: z.enum([
    "open",
    "running",
    "waiting",
    "done",
    "failed",
    "blocked",
    "unexpected",
    "skipped",
    "rejected",
  ]),
  version: z.number().int().describe("The version of the plan that brought the step."),
  startedAt: z.string().optional(),
  seconds: z.number().optional().describe("How long it took; absent while it runs."),
  items: z
    .object({ ended: z.number().int(), total: z.number().int() })
    .optional()
    .describe("Of a for-each step that runs: how many items have ended."),
  result: z.string().optional().describe("The output, cut to a line."),
  reason: z.string().optional().describe("Why it did not come out right."),
  call: z.string().optional().describe("Of a step that waits: exactly the call that would be made."),
  decided: z.array(z.string()).optional().describe("Who decided what about it."),
});

const cardPropsSchema = z.object({
  turnId: z.string(),
  threadId: z.string().optional(),
  status: runStatusSchema,
  steps: z.array(cardStepSchema),
  versions: z.array(z.object({ version: z.number().int(), by: planAuthorSchema, reason: z.string() })),
  decided: z.array(z.string()).describe("Who decided what about the plan as a whole."),
  notes: z
    .array(z.string())
    .describe("What the person has to know now: what waits, why an answer was not taken."),
});

export const planCardSchema = z.object({
  type: z.literal("ui"),
  id: z.string(),
  name: z.literal("plan"),
  props: cardPropsSchema,
  metadata: z.object({ message_id: z.string().describe("The message that the card belongs to.") }),
});

/** One step as the card shows it. */
export interface PlanCardStep extends z.infer<typeof cardStepSchema> {}
/** What the component `plan` gets. */
export interface PlanCardProps extends z.infer<typeof cardPropsSchema> {}
/** The card of one turn's plan. */
export interface PlanCard extends z.infer<typeof planCardSchema> {}

/** How many cards a thread keeps: those of its last turns. */
const MAX_CARDS = 20;

/** Merges cards by id. A later card replaces the earlier one of its turn, and the oldest go. */
export function mergeCards(current: PlanCard[], update: PlanCard[]): PlanCard[] {
  const merged = new Map(current.map((card) => [card.id, card]));
  for (const card of update) {
    merged.set(card.id, card);
  }
  return [...merged.values()].slice(-MAX_CARDS);
}
