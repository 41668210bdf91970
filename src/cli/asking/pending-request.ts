import { z } from "zod";
import type { PlanExecuteAgent } from "../../agent/index.js";
import type { PlanStep } from "../../plan/index.js";
import { toRefusalNotice } from "../../runtime/index.js";
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
      // It is for clients that do not show `error`.
      description: action.description.replace(toRefusalNotice(request.error ?? ""), () => ""),
      allowedDecisions: reviewConfigs[index]?.allowedDecisions ?? decisionTypeSchema.options,
    })),
  }));

/** What waits for a person, as the run's interrupt reports it. */
export type PendingRequest = Omit<z.infer<typeof requestSchema>, "actionRequests"> & {
  readonly actionRequests: readonly PendingAction[];
};

/** One action that waits for a person. A plan and a call for guidance include their steps. */
export type PendingAction = z.infer<typeof requestSchema>["actionRequests"][number] & {
  readonly kind: Waiting["kind"];
  readonly steps?: readonly PlanStep[];
  /** Why the run cannot go on by itself, if it asks for guidance. */
  readonly reason?: string;
};

/** Reads a request. Its plan is only text, so the steps are added from `waiting`. */
function readRequest(value: unknown, waiting: readonly Waiting[]): PendingRequest {
  const request = requestSchema.parse(value);
  const actionRequests = request.actionRequests.map((action, index) => {
    const waits = waiting[index];
    if (waits === undefined || waits.kind === "action") {
      return { ...action, kind: "action" as const };
    }
    const reason = waits.kind === "guidance" ? { reason: waits.reason } : {};
    return { ...action, kind: waits.kind, steps: waits.steps, ...reason };
  });
  return { ...request, actionRequests };
}

const valuesSchema = z.object({
  ...outputStateSchema.omit({ messages: true }).shape,
  turn: stateSchema.shape.turn,
  request: stateSchema.shape.request,
});

/** What a thread holds of its last turn. */
export type ThreadValues = z.infer<typeof valuesSchema>;

/** Where a thread stands. */
export interface ThreadState {
  /** The values of the last turn; undefined if there was none. */
  readonly values?: ThreadValues;
  readonly request?: PendingRequest;
  /** Whether there is something to continue. */
  readonly isOpen: boolean;
  /** ISO time of its last checkpoint. */
  readonly changedAt?: string;
  /** Whether the thread exists at all. */
  readonly exists: boolean;
}

export async function readThread(agent: PlanExecuteAgent, threadId: string): Promise<ThreadState> {
  const state = await agent.getState({ configurable: { thread_id: threadId } });
  const interrupt = state.tasks.flatMap(({ interrupts }) => interrupts)[0];
  const values = valuesSchema.safeParse(state.values);
  return {
    ...(values.success ? { values: values.data } : {}),
    ...(interrupt === undefined
      ? {}
      : { request: readRequest(interrupt.value, values.data?.request?.waiting ?? []) }),
    // `next` omits a node whose writes are stored but not committed; `tasks` includes it.
    isOpen: state.tasks.length > 0,
    changedAt: state.createdAt,
    exists: state.config.configurable?.checkpoint_id !== undefined,
  };
}
