import { z } from "zod";
import type { PlanExecuteAgent } from "../agent/index.js";
import { outputStateSchema, stateSchema } from "../state/index.js";
import { type PendingRequest, readRequest } from "./pending-request.js";

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
