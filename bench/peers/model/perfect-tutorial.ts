import { z } from "zod";
import {
  answerOf,
  isGroup,
  itemsLeft,
  outputsOf,
  type Seen,
  type Work,
  type WorkItem,
  withGroups,
  withReferences,
} from "../work.js";
import type { ModelReply } from "./reply.js";
import { hasTool, lastHuman, type ModelRequest } from "./request.js";
import { ERROR_PREFIX, nextCalls, readTranscript } from "./transcript.js";

/** The tools with which planner and replanner of the tutorial's architecture hand in their decisions. */
export const tutorialTools = { plan: "submit_plan", answer: "submit_answer" } as const;

/** A finished step in the prompts of the tutorial's architecture: one line of JSON. */
export const doneLineSchema = z.object({ step: z.string(), result: z.string() });

/** The line of the executor's prompt that names its step. */
export const YOUR_STEP = "Your step: ";

/** The models of the tutorial's architecture: planner, replanner, and the agent that carries out one step. */
export function replyAsTutorial(work: Work, request: ModelRequest): ModelReply {
  const seen = readDone(work, lastHuman(request));
  if (hasTool(request, tutorialTools.answer)) {
    return itemsLeft(work, seen).length > 0 ? plan("replan", work, seen) : answer(work, seen);
  }
  if (hasTool(request, tutorialTools.plan)) {
    return plan("plan", work, seen);
  }
  return execute(work, request, seen);
}

/** A step in words. It names the steps that it depends on by their place in the first plan. */
function inWords({ words }: WorkItem): string {
  return withReferences(words, (id) => `the result of step ${id}`);
}

function plan(purpose: "plan" | "replan", work: Work, seen: Seen): ModelReply {
  const steps = itemsLeft(work, seen).map(inWords);
  return { purpose, calls: [{ name: tutorialTools.plan, argsText: JSON.stringify({ steps }) }] };
}

function answer(work: Work, { outputs }: Seen): ModelReply {
  const argsText = JSON.stringify({ answer: answerOf(work, outputs) });
  return { purpose: "answer", calls: [{ name: tutorialTools.answer, argsText }] };
}

function execute(work: Work, request: ModelRequest, before: Seen): ModelReply {
  const [, words] = lastHuman(request).split(YOUR_STEP);
  const item = work.items.find((one) => inWords(one) === words?.trim());
  if (item === undefined) {
    throw new Error(`${work.name}: "${words}" is no step of the work.`);
  }
  const seen = readTranscript(work, request, before);
  const calls = nextCalls(work, isGroup(item) ? item.steps : [item], seen, request);
  const about = { purpose: "step", itemId: item.id } as const;
  if (calls.length > 0) {
    return { ...about, calls };
  }
  if (seen.failed.has(item.id)) {
    return { ...about, text: `${ERROR_PREFIX}there is none` };
  }
  return { ...about, text: outputsOf(work, seen.outputs)(item.id) };
}

function readDone(work: Work, human: string): Seen {
  const outputs = new Map<string, string>();
  const failed = new Set<string>();
  for (const line of human.split("\n").filter((one) => one.startsWith("{"))) {
    const { step, result } = doneLineSchema.parse(JSON.parse(line));
    const item = work.items.find((one) => inWords(one) === step);
    if (item === undefined) {
      throw new Error(`${work.name}: "${step}" is no step of the work.`);
    }
    if (result.startsWith(ERROR_PREFIX)) {
      failed.add(item.id);
    } else {
      outputs.set(item.id, result);
    }
  }
  return { outputs: withGroups(work, outputs), failed };
}
