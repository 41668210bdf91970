import { z } from "zod";

const stepId = z.string().describe("The step, or the item of a for-each step: id[0].");

/** The schemas of the events that tell what became of calls after the fact: what was found, and what was undone. */
export const RECOVERY_EVENTS = [
  z
    .object({
      type: z.literal("tool.outcome"),
      stepId,
      tool: z.string(),
      idempotencyKey: z.string().describe("The key of the call."),
      outcome: z.enum(["done", "not-done", "unknown"]),
      by: z.enum(["tool", "person", "nobody"]).describe("Who said what became of the call."),
    })
    .describe("Nobody knew whether a call was carried out, and this is what was found."),
  z
    .object({ type: z.literal("undo.started"), reason: z.string().describe("Why the run ends.") })
    .describe("What the turn did is undone before the run ends."),
  z
    .object({
      type: z.literal("undo.ended"),
      stepId,
      tool: z.string(),
      args: z.record(z.string(), z.json()),
      undoes: z.string().describe("The idempotency key of the call that was to be undone."),
      status: z.enum(["undone", "not-undone"]),
      reason: z.string().optional().describe("Why the call could not be undone."),
      replayed: z.literal(true).optional().describe("An earlier segment did this, and it is only found."),
    })
    .describe("A call was undone, or could not be."),
] as const;
