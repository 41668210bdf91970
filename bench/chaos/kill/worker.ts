/**
 * One attempt at the run of the ragged plan, in a process of its own. Its one argument is an `Assignment` as JSON. It
 * begins or continues the thread, and is the person who approves what waits. Every tool call is appended to the
 * journal. On standard output it reports the phase that it is in, one JSON value a line, and its parent may kill it
 * in any of them. Nobody writes to its standard input: when that ends, the parent is gone.
 */
import { appendFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isBaseMessage } from "@langchain/core/messages";
import { Command } from "@langchain/langgraph";
import { z } from "zod";
import { createCheckpointer, createStore, ThreadBusyError, withThreadLock } from "../../../src/index.js";
import type { Moment } from "./phases.js";
import { createTools, gatedTool, stepOfKey } from "./ragged-plan.js";
import { createGraph, shapeSchema } from "./shapes.js";
import { tellOfStore } from "./tell-of-store.js";

const assignmentSchema = z.object({
  url: z.string(),
  thread: z.string(),
  journal: z.string(),
  /** The name of the run's model. */
  model: z.string(),
  shape: shapeSchema,
  /** Whether finished steps are journaled in a store, in the same database. */
  hasStore: z.boolean(),
  /** How long each write to the store takes on its way, and how long its acknowledgement takes on the way back. */
  storeMs: z.number(),
  /** Tools whose calls wait for a person, besides those that always do. */
  approveTools: z.array(z.string()).optional(),
  /** Whether this process is the person who approves. If not, it ends when a person is needed. */
  approves: z.boolean(),
  /** How long the person thinks. */
  personMs: z.number(),
  /** The checkpoint to continue from instead of the last one. */
  checkpointId: z.string().optional(),
  /** The step in whose tool call the run is cancelled. */
  cancelsIn: z.string().optional(),
  /** Whether the thread is locked against others meanwhile. */
  locks: z.boolean().optional(),
  /** Whether the store forgets each finished step, which tests the checks. */
  forgets: z.boolean().optional(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const requestSchema = z.object({
  actionRequests: z.array(z.object({ name: z.string(), stepId: z.string() })),
});

process.stdin.on("end", () => process.exit(1)).resume();
process.stdin.unref();

const assignment = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const opened = await createCheckpointer(assignment.url);
const { checkpointer, close } = opened;
const cancel = new AbortController();
tellOfStore(checkpointer, assignment, say);
const journal = assignment.hasStore ? await createStore(assignment.url) : undefined;
let approvals = 0;
const graph = createGraph(assignment.shape, {
  model: `openai:${assignment.model}`,
  planner: { maxSteps: 25 },
  approval: { tools: { [gatedTool]: true } },
  tools: createTools(async (entry) => {
    const isBegin = entry.event === "began";
    appendFileSync(assignment.journal, `${JSON.stringify(entry)}\n`);
    if (isBegin && entry.tool === gatedTool) {
      tell("approved, not called", `${approvals}`, "end");
    }
    if (isBegin && stepOfKey(entry.key) === assignment.cancelsIn) {
      cancel.abort(new Error("cancelled"));
    }
    tell("tool in flight", entry.key, isBegin ? "begin" : "end", Number(entry.args.ms));
  }),
  onEvent: ({ type }) => {
    if (type === "approval.asked") {
      tell("request made", `${approvals}`, "begin", 3 + 2 * assignment.storeMs);
    }
  },
  checkpointer,
  store: journal?.store,
});

try {
  if (assignment.locks) {
    await withThreadLock(opened, assignment.thread, goOn);
  } else {
    await goOn();
  }
} catch (error) {
  if (error instanceof ThreadBusyError) {
    say({ busy: true });
  } else if (!cancel.signal.aborted) {
    throw error;
  }
}
await close();
await journal?.close();

async function goOn(lost?: AbortSignal): Promise<void> {
  const signal = lost === undefined ? cancel.signal : AbortSignal.any([lost, cancel.signal]);
  let configurable: Record<string, string> = { thread_id: assignment.thread };
  if (assignment.checkpointId !== undefined) {
    configurable.checkpoint_id = assignment.checkpointId;
  }
  for (;;) {
    const { tasks, values } = await graph.getState({ configurable });
    const waiting = tasks.flatMap(({ interrupts }) => interrupts);
    const [request] = waiting.map(({ value }) => requestSchema.parse(value).actionRequests);
    const isEnded = tasks.length === 0 && (values.outcome ?? null) !== null;
    if (isEnded || (request !== undefined && !assignment.approves)) {
      say({ end: { state: { ...values, messages: values.messages.map(toShown) }, request } });
      return;
    }
    // We cannot use `next`: a node whose writes are stored but not committed appears only in `tasks`.
    const input = tasks.length > 0 ? null : { input: "go" };
    const next = request === undefined ? input : await approve(request);
    const context = { approveTools: assignment.approveTools };
    const streamMode = ["messages" as const, "custom" as const];
    for await (const _ of await graph.stream(next, { configurable, context, streamMode, signal })) {
    }
    tell("request made", `${approvals}`, "end");
    configurable = { thread_id: assignment.thread };
  }
}

async function approve(
  request: readonly unknown[],
): Promise<Command<unknown, Record<string, unknown>, never>> {
  approvals += 1;
  tell("approval waiting", `${approvals}`, "begin", assignment.personMs);
  await delay(assignment.personMs);
  tell("approval waiting", `${approvals}`, "end");
  tell("approved, not called", `${approvals}`, "begin", 8 + 4 * assignment.storeMs);
  return new Command({ resume: { decisions: request.map(() => ({ type: "approve" })) } });
}

function toShown(message: unknown): unknown {
  return isBaseMessage(message) ? [message.getType(), message.text] : message;
}

function tell(phase: Moment["phase"], id: string, at: Moment["at"], ms?: number): void {
  say({ moment: { phase, id, at, ms } });
}

/** Writes at once, so that a line survives if the process is killed right after it. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
