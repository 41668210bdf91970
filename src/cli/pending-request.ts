import { z } from "zod";
import type { PlanStep } from "../plan/index.js";
import { decisionTypeSchema, type Waiting } from "../state/index.js";

const requestSchema = z
  .object({
    requestId: z.string(),
    actionRequests: z
      .array(
        z.object({
          name: z.string(),
          args: z.record(z.string(), z.unknown()),
          description: z.string().default(""),
          stepId: z.string().optional(),
        }),
      )
      .min(1),
    reviewConfigs: z.array(z.object({ allowedDecisions: z.array(decisionTypeSchema) })).default([]),
    expiresAt: z.string().optional(),
    error: z.string().optional(),
  })
  .transform(({ reviewConfigs, actionRequests, ...request }) => ({
    ...request,
    actionRequests: actionRequests.map((action, index) => ({
      ...action,
      allowedDecisions: reviewConfigs[index]?.allowedDecisions ?? decisionTypeSchema.options,
    })),
  }));

/** What waits for a person, as the run's interrupt tells it. */
export type PendingRequest = Omit<z.infer<typeof requestSchema>, "actionRequests"> & {
  readonly actionRequests: readonly PendingAction[];
};

/** One action that waits for a person; a plan, and a call for guidance, have their steps. */
export type PendingAction = z.infer<typeof requestSchema>["actionRequests"][number] & {
  readonly kind: Waiting["kind"];
  readonly steps?: readonly PlanStep[];
};

/** The request, whose plan is text alone, with the steps of that plan. */
export function readRequest(value: unknown, waiting: readonly Waiting[] = []): PendingRequest {
  const request = requestSchema.parse(value);
  const actionRequests = request.actionRequests.map((action, index) => {
    const waits = waiting[index];
    if (waits === undefined || waits.kind === "action") return { ...action, kind: "action" as const };
    return { ...action, kind: waits.kind, steps: waits.steps };
  });
  return { ...request, actionRequests };
}
