// What a job does. A job may be given to a worker more than once: when its worker died, stood still or was stopped. So
// it looks at its thread first:
//
//   waiting for a person    nothing to do, unless the job is the answer to just that request
//   cut off                 go on
//   finished                nothing to do
//   its input is not there  begin
//
// A job that is the answer to an earlier request than the one that waits was applied before, or came too late.

import type { BaseCheckpointSaver } from "@langchain/langgraph";
import { Command } from "@langchain/langgraph";
import { z } from "zod";
import type { PlanExecuteAgent } from "../agent/index.js";
import { type EventListener, withEventListener } from "../events/index.js";
import { withCheckpointer } from "../langgraph/index.js";
import { lendBudget, StorageError } from "../runtime/index.js";
import type { Budget } from "../usage/index.js";
import type { JobData } from "./jobs.js";

/** What a job works with. */
export interface JobPlace {
  readonly agent: PlanExecuteAgent;
  readonly saver: BaseCheckpointSaver;
  readonly context: Readonly<Record<string, unknown>> | undefined;
  /** The tenant's budget. */
  readonly budget: Budget | undefined;
  /** Gets the events of the run. */
  readonly listener: EventListener;
  /** Whether the job's first checkpoint is stored. */
  readonly hasBegun: boolean;
  readonly signal: AbortSignal;
  /** Makes the changes of people that wait for the thread. Returns whether there were any. */
  readonly steer: () => Promise<boolean>;
}

/** How a thread stands. */
export interface ThreadStanding {
  readonly status: string;
  readonly reason?: string;
  readonly request?: { readonly requestId: string; readonly expiresAt?: string };
  /** Whether something was cut off. */
  readonly isCutOff: boolean;
}

const requestSchema = z.object({ requestId: z.string(), expiresAt: z.string().optional() });
const valuesSchema = z.object({
  status: z.string().optional(),
  outcome: z.object({ reason: z.string(), code: z.string().optional() }).nullish(),
});

/** The config of a thread that is kept in this checkpointer, whichever the agent has. */
export function configOf(threadId: string, saver: BaseCheckpointSaver) {
  return { configurable: withCheckpointer({ thread_id: threadId }, saver) };
}

/** Reads how a thread stands. */
export async function readStanding(
  agent: PlanExecuteAgent,
  threadId: string,
  saver: BaseCheckpointSaver,
): Promise<ThreadStanding> {
  const { tasks, values } = await agent.getState(configOf(threadId, saver));
  const { status = "new", outcome } = valuesSchema.parse(values);
  const [interrupt] = tasks.flatMap(({ interrupts }) => interrupts);
  const request = requestSchema.safeParse(interrupt?.value);
  if (interrupt !== undefined && request.success) {
    return { status: "waiting", request: request.data, isCutOff: false };
  }
  const reason = outcome?.reason;
  return { status, ...(reason === undefined ? {} : { reason }), isCutOff: tasks.length > 0 };
}

/** Does what a job is for, and returns how it leaves the thread. */
export async function runJob(data: JobData, place: JobPlace): Promise<ThreadStanding> {
  const { agent, saver, context, budget, listener, signal } = place;
  const { threadId } = data;
  const standing = await readStanding(agent, threadId, saver);
  const input = await inputOf(data, standing, place);
  if (input === undefined) {
    return standing;
  }
  const config = withEventListener(lendBudget(configOf(threadId, saver), budget), listener);
  const { outcome } = await agent.invoke(input, { ...config, context, signal });
  if (outcome?.code === "STORAGE_FAILED") {
    throw new StorageError("The turn could not be stored", 1, "It is gone on with.", outcome.reason);
  }
  return readStanding(agent, threadId, saver);
}

type Input = Parameters<PlanExecuteAgent["invoke"]>[0];

/** Returns the input for the agent, or undefined if there is nothing to do. */
async function inputOf(
  data: JobData,
  { request, isCutOff }: ThreadStanding,
  { hasBegun, steer }: JobPlace,
): Promise<Input | undefined> {
  const goOn = isCutOff ? null : undefined;
  switch (data.kind) {
    case "turn":
      return hasBegun || data.input === null ? goOn : data.input;
    case "answer":
      return request?.requestId === data.requestId ? new Command({ resume: data.answer }) : goOn;
    case "expiry":
      // Whatever the answer to an expired request is, the approval ends the request and asks for the same anew.
      return request?.requestId === data.requestId
        ? new Command({ resume: { requestId: data.requestId, decisions: [] } })
        : goOn;
    case "steering":
      return (await steer()) ? null : goOn;
  }
}
