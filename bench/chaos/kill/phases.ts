import { z } from "zod";

/** The phases in which a process can be killed, in the order in which a run reaches them. */
export const phases = [
  "plan streaming",
  "step's model call",
  "tool in flight",
  "result stored",
  "checkpoint written",
  "request made",
  "approval waiting",
  "approved, not called",
  "new plan streaming",
  "answer streaming",
] as const;

export type Phase = (typeof phases)[number];

/** The beginning or the end of a phase. `ms` is roughly how long it takes. */
export const momentSchema = z.object({
  phase: z.enum(phases),
  id: z.string(),
  at: z.enum(["begin", "end"]),
  ms: z.number().optional(),
});
export type Moment = z.infer<typeof momentSchema>;
