import { z } from "zod";
import { toMissing } from "../../../src/models/index.js";
import { BLOCKED_TOOL, PLAN_TOOL, RESPOND_TOOL } from "../../../src/prompts/index.js";
import { readSection } from "../../../test/support/read-section.js";
import {
  answerOf,
  isGroup,
  itemsLeft,
  plannableAnswer,
  type Seen,
  stepOfCall,
  type Work,
  type WorkGroup,
  withGroups,
} from "../work.js";
import type { ModelReply } from "./reply.js";
import { hasTool, lastHuman, type ModelRequest } from "./request.js";
import { nextCalls, readTranscript } from "./transcript.js";
import { writePlan } from "./wire-plan.js";

/** Our own agent's models: planner, replanner, executor and closing call. Their tools tell them apart. */
export function replyAsPlanExecute(work: Work, request: ModelRequest): ModelReply {
  if (hasTool(request, BLOCKED_TOOL)) {
    return executeGroup(work, request);
  }
  if (hasTool(request, RESPOND_TOOL)) {
    return replan(work, request);
  }
  if (!hasTool(request, PLAN_TOOL)) {
    return close(work, request);
  }
  const seen: Seen = { outputs: new Map(), failed: new Set() };
  const answer = plannableAnswer(work, seen);
  return plan("plan", { work, items: itemsLeft(work, seen), firstId: 1, answer, doneIds: new Map() });
}

function plan(purpose: "plan" | "replan", toWrite: Parameters<typeof writePlan>[0]): ModelReply {
  const { argsText, marks } = writePlan(toWrite);
  return { purpose, calls: [{ name: PLAN_TOOL, argsText }], marks };
}

const pastStepSchema = z.object({
  id: z.string(),
  description: z.string().optional(),
  tool: z.string().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  status: z.string().default("done"),
  output: z.unknown().optional(),
});

/** What the prompt says about the steps that have ended. */
interface Past {
  readonly seen: Seen;
  /** The ids that finished items had in the plans so far. */
  readonly doneIds: ReadonlyMap<string, string>;
}

function readPast(work: Work, human: string): Past {
  const lines = readSection("past_steps", human)?.split("\n") ?? [];
  const outputs = new Map<string, string>();
  const failed = new Set<string>();
  const doneIds = new Map<string, string>();
  for (const line of lines) {
    const { id, description, tool, args, status, output } = pastStepSchema.parse(JSON.parse(line));
    if (status === "skipped") {
      continue;
    }
    const item =
      tool === undefined
        ? work.items.find((one) => isGroup(one) && one.words === description)
        : stepOfCall(work, tool, args ?? {});
    if (item === undefined) {
      throw new Error(`${work.name}: past step ${line} is none of the work.`);
    }
    if (status !== "done") {
      failed.add(item.id);
    } else {
      outputs.set(item.id, typeof output === "string" ? output : JSON.stringify(output));
      doneIds.set(item.id, id);
    }
  }
  return { seen: { outputs: withGroups(work, outputs), failed }, doneIds };
}

function replan(work: Work, request: ModelRequest): ModelReply {
  const human = lastHuman(request);
  const { seen, doneIds } = readPast(work, human);
  const items = itemsLeft(work, seen);
  if (items.length === 0) {
    return { purpose: "answer", text: answerOf(work, seen.outputs) };
  }
  const firstId = Number(/numbered from (\d+)/.exec(human)?.[1] ?? "1");
  return plan("replan", { work, items, firstId, answer: plannableAnswer(work, seen), doneIds });
}

/** A closing call gets the answer, unless there is more to do. */
function close(work: Work, request: ModelRequest): ModelReply {
  const { seen } = readPast(work, lastHuman(request));
  const items = itemsLeft(work, seen);
  if (items.length === 0) {
    return { purpose: "answer", text: answerOf(work, seen.outputs) };
  }
  const left = items.map((item) =>
    isGroup(item) ? item.words : `${item.tool} ${JSON.stringify(item.args)}`,
  );
  return { purpose: "answer", text: toMissing(left.join("; ")) };
}

function executeGroup(work: Work, request: ModelRequest): ModelReply {
  const task = request.messages
    .map(({ content }) => readSection("task", content))
    .find((text) => text !== undefined);
  const group = work.items.find((item): item is WorkGroup => isGroup(item) && item.words === task);
  if (group === undefined) {
    throw new Error(`${work.name}: "${task}" is no step of the work.`);
  }
  const seen = readTranscript(work, request);
  const calls = nextCalls(work, group.steps, seen, request);
  const about = { purpose: "step", itemId: group.id } as const;
  if (calls.length > 0) {
    return { ...about, calls };
  }
  return { ...about, text: seen.outputs.get(group.id) };
}
