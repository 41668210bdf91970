import { z } from "zod";
import {
  filledArgs,
  outputsOf,
  type Seen,
  stepOfCall,
  stepsReady,
  type Work,
  type WorkStep,
  withGroups,
} from "../work.js";
import type { WrittenCall } from "./reply.js";
import type { ModelRequest } from "./request.js";

/** How a tool's error looks to a model, in any transcript. */
export const ERROR_PREFIX = "Error: ";

const argsSchema = z.record(z.string(), z.unknown());

/** What the calls in a conversation have found out, added to what was known before. */
export function readTranscript(work: Work, { messages }: ModelRequest, before?: Seen): Seen {
  const outputs = new Map(before?.outputs);
  const failed = new Set(before?.failed);
  const calls = new Map(
    messages.flatMap(({ tool_calls }) => tool_calls.map((call) => [call.id, call.function])),
  );
  for (const { tool_call_id, content } of messages) {
    const call = tool_call_id === undefined ? undefined : calls.get(tool_call_id);
    if (call === undefined) {
      continue;
    }
    const step = stepOfCall(work, call.name, argsSchema.parse(JSON.parse(call.arguments)));
    if (step === undefined) {
      throw new Error(`${work.name}: ${call.name} ${call.arguments} is no call of this work.`);
    }
    if (content.startsWith(ERROR_PREFIX)) {
      failed.add(step.id);
    } else {
      outputs.set(step.id, content);
    }
  }
  return { outputs: withGroups(work, outputs), failed };
}

/** The calls that can be made now, or the first of them. */
export function nextCalls(
  work: Work,
  among: readonly WorkStep[],
  seen: Seen,
  { parallel_tool_calls }: Pick<ModelRequest, "parallel_tool_calls">,
): WrittenCall[] {
  const ready = stepsReady(work, among, seen);
  return (parallel_tool_calls ? ready : ready.slice(0, 1)).map((step) => ({
    name: step.tool,
    argsText: JSON.stringify(filledArgs(step, outputsOf(work, seen.outputs))),
  }));
}
