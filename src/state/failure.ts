import { z } from "zod";

/** A failure of a model that stopped a turn. */
export const failureSchema = z.object({
  node: z.enum(["planner", "replanner"]).describe("The node whose model failed."),
  at: z.string().describe("ISO time at which it failed."),
});

/** A failure of a model that stopped a turn. */
export type Failure = z.infer<typeof failureSchema>;
