import { z } from "zod";
import type { PlanExecuteAgent } from "../../agent/index.js";
import type { PlanStep } from "../../plan/index.js";
import { decisionTypeSchema, outputStateSchema, stateSchema, type Waiting } from "../../state/index.js";

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
function readRequest(value: unknown, waiting: readonly Waiting[] = []): PendingRequest {
  const request = requestSchema.parse(value);
  const actionRequests = request.actionRequests.map((action, index) => {
    const waits = waiting[index];
    if (waits === undefined || waits.kind === "action") {
      return { ...action, kind: "action" as const };
    }
    return { ...action, kind: waits.kind, steps: waits.steps };
  });
  return { ...request, actionRequests };
}

const valuesSchema = z.object({
  ...outputStateSchema.omit({ messages: true }).shape,
  turnId: stateSchema.shape.turnId,
  goal: stateSchema.shape.goal,
  waiting: stateSchema.shape.waiting,
});

/** What a thread holds of its last turn. */
export type ThreadValues = z.infer<typeof valuesSchema>;

/** Where a thread stands. */
export interface ThreadState {
  /** What the last turn has; undefined where there is no turn yet. */
  readonly values?: ThreadValues;
  /** What waits for a person. */
  readonly request?: PendingRequest;
  /** Whether there is something to go on with. */
  readonly isOpen: boolean;
  /** ISO time of its last checkpoint. */
  readonly changedAt?: string;
  /** Whether the thread is there at all. */
  readonly exists: boolean;
}

/** Reads where a thread stands. */
export async function readThread(agent: PlanExecuteAgent, threadId: string): Promise<ThreadState> {
  const state = await agent.getState({ configurable: { thread_id: threadId } });
  const interrupt = state.tasks.flatMap(({ interrupts }) => interrupts)[0];
  const values = valuesSchema.safeParse(state.values);
  return {
    ...(values.success ? { values: values.data } : {}),
    ...(interrupt === undefined ? {} : { request: readRequest(interrupt.value, values.data?.waiting) }),
    // `next` does not have a node whose writes are stored and not committed; `tasks` does.
    isOpen: state.tasks.length > 0,
    changedAt: state.createdAt,
    exists: state.config.configurable?.checkpoint_id !== undefined,
  };
}
