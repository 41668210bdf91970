/**
 * One attempt at the run of the ragged plan, in a process of its own; its one argument is an `Assignment` as JSON.
 * It begins the thread or goes on with it, and is the person who approves what waits. Every call of a tool is
 * appended to the journal. What it is in the middle of it tells on standard output, one JSON value a line; whoever
 * started it may kill it at any of them. Standard input is never written to: its end means that whoever started it
 * is gone.
 */
import { appendFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { isBaseMessage } from "@langchain/core/messages";
import { Command } from "@langchain/langgraph";
import { z } from "zod";
import { createCheckpointer, createStore } from "../../../src/index.js";
import type { Moment } from "./phases.js";
import { createTools, gatedTool } from "./ragged-plan.js";
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
  /** How long each write to the store takes on its way, and its acknowledgement on the way back. */
  storeMs: z.number(),
  /** Tools whose calls wait for a person beside those that always do. */
  approveTools: z.array(z.string()).optional(),
  /** Whether this process is the person who approves; else it ends where one is needed. */
  approves: z.boolean(),
  /** Whether the store forgets each finished step: for a test of the checks. */
  forgets: z.boolean().optional(),
});

/** What a process is to do. */
export type Assignment = z.infer<typeof assignmentSchema>;

const PERSON_MS = 30;
const requestSchema = z.object({
  actionRequests: z.array(z.object({ name: z.string(), stepId: z.string() })),
});

process.stdin.on("end", () => process.exit(1)).resume();
process.stdin.unref();

const assignment = assignmentSchema.parse(JSON.parse(process.argv[2] ?? ""));
const { checkpointer, close } = await createCheckpointer(assignment.url);
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
    if (isBegin && entry.tool === gatedTool) tell("approved, not called", `${approvals}`, "end");
    tell("tool in flight", entry.key, isBegin ? "begin" : "end", Number(entry.args.ms));
  }),
  onEvent: ({ type }) => {
    if (type === "approval.asked") tell("request made", `${approvals}`, "begin", 3 + 2 * assignment.storeMs);
  },
  checkpointer,
  store: journal?.store,
});
const config = {
  configurable: { thread_id: assignment.thread },
  context: { approveTools: assignment.approveTools },
  streamMode: ["messages" as const, "custom" as const],
};

for (;;) {
  const { tasks, values } = await graph.getState(config);
  const waiting = tasks.flatMap(({ interrupts }) => interrupts);
  const [request] = waiting.map(({ value }) => requestSchema.parse(value).actionRequests);
  const isEnded = tasks.length === 0 && (values.outcome ?? null) !== null;
  if (isEnded || (request !== undefined && !assignment.approves)) {
    say({ end: { state: { ...values, messages: values.messages.map(toShown) }, request } });
    break;
  }
  if (request !== undefined) {
    approvals += 1;
    tell("approval waiting", `${approvals}`, "begin", PERSON_MS);
    await delay(PERSON_MS);
    tell("approval waiting", `${approvals}`, "end");
    tell("approved, not called", `${approvals}`, "begin", 8 + 4 * assignment.storeMs);
    const decisions = request.map(() => ({ type: "approve" }));
    await follow(new Command({ resume: { decisions } }));
  } else {
    // Not by `next`: a node whose writes are stored and not committed is in `tasks` alone.
    await follow(tasks.length > 0 ? null : { input: "go" });
  }
  tell("request made", `${approvals}`, "end");
}
await close();
await journal?.close();

async function follow(
  input: Command<unknown, Record<string, unknown>, never> | { input: string } | null,
): Promise<void> {
  for await (const _ of await graph.stream(input, config));
}

function toShown(message: unknown): unknown {
  return isBaseMessage(message) ? [message.getType(), message.text] : message;
}

function tell(phase: Moment["phase"], id: string, at: Moment["at"], ms?: number): void {
  say({ moment: { phase, id, at, ms } });
}

/** Written at once: a line that was said is not lost when the process is killed behind it. */
function say(line: object): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}
