import { z } from "zod";
import {
  answerOf,
  isGroup,
  isKnown,
  type Seen,
  stepOfCall,
  stepsOf,
  type Work,
  type WorkStep,
  withGroups,
  withReferences,
} from "../work.js";
import type { ModelReply, PlanMark } from "./reply.js";
import { lastHuman, type ModelRequest } from "./request.js";
import { ERROR_PREFIX } from "./transcript.js";

/** Begins the prompt of the joiner, and of no other role of the LLMCompiler-like architecture. */
export const JOINER_BEGINS = "You decide";
/** The words with which the joiner gives its decision. */
export const joinerSays = { finish: "Finish: ", replan: "Replan" } as const;

/** A finished task, as the prompts show it: one line of JSON. */
export const taskLineSchema = z.object({
  id: z.string(),
  tool: z.string(),
  args: z.record(z.string(), z.string()),
  result: z.string(),
});

/** The models of the LLMCompiler-like architecture: a planner that writes lines of calls, and a joiner. */
export function replyAsCompiler(work: Work, request: ModelRequest): ModelReply {
  const { seen, ids } = readTasks(work, lastHuman(request));
  const left = plannable(work, seen);
  const isJoiner = request.messages[0]?.content.startsWith(JOINER_BEGINS) ?? false;
  if (!isJoiner) {
    return writeLines(work, left, ids);
  }
  if (left.length > 0) {
    return { purpose: "replan", text: joinerSays.replan };
  }
  return { purpose: "answer", text: joinerSays.finish + answerOf(work, seen.outputs) };
}

/**
 * The remaining steps whose arguments a planner can write now. It leaves a step out if its arguments stand in an
 * output that is still unknown.
 */
function plannable(work: Work, seen: Seen): WorkStep[] {
  const steps: WorkStep[] = [];
  for (const step of stepsOf(work)) {
    if (seen.outputs.has(step.id) || seen.failed.has(step.id)) {
      continue;
    }
    if (step.insteadOf !== undefined && !seen.failed.has(step.insteadOf)) {
      continue;
    }
    if (step.knownFrom !== undefined && !isKnown(work, step.knownFrom, seen)) {
      continue;
    }
    steps.push(step);
  }
  return steps;
}

function writeLines(work: Work, steps: readonly WorkStep[], done: ReadonlyMap<string, string>): ModelReply {
  const first = Math.max(0, ...[...done.values()].map(Number)) + 1;
  const ids = new Map([...done, ...steps.map(({ id }, index) => [id, String(first + index)] as const)]);
  const marks: PlanMark[] = [];
  let text = "";
  for (const step of steps) {
    const args = Object.values(step.args).map((value) =>
      JSON.stringify(withReferences(value, (id) => `$${ids.get(standIn(work, id, ids)) ?? id}`)),
    );
    text += `${ids.get(step.id)}. ${step.tool}(${args.join(", ")})\n`;
    marks.push({ itemId: step.id, end: text.length });
  }
  return { purpose: done.size === 0 ? "plan" : "replan", text, marks };
}

/** The step that replaces a failed one, if there is one. */
function standIn(work: Work, id: string, ids: ReadonlyMap<string, string>): string {
  const instead = work.items.find((item) => !isGroup(item) && item.insteadOf === id);
  return instead !== undefined && ids.has(instead.id) ? instead.id : id;
}

function readTasks(
  work: Work,
  human: string,
): { readonly seen: Seen; readonly ids: ReadonlyMap<string, string> } {
  const outputs = new Map<string, string>();
  const failed = new Set<string>();
  const ids = new Map<string, string>();
  for (const line of human.split("\n").filter((one) => one.startsWith("{"))) {
    const { id, tool, args, result } = taskLineSchema.parse(JSON.parse(line));
    const step = stepOfCall(work, tool, args);
    if (step === undefined) {
      throw new Error(`${work.name}: task ${line} is none of the work.`);
    }
    if (result.startsWith(ERROR_PREFIX)) {
      failed.add(step.id);
    } else {
      outputs.set(step.id, result);
    }
    ids.set(step.id, id);
  }
  return { seen: { outputs: withGroups(work, outputs), failed }, ids };
}
