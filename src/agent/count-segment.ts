// Which segment of its turn a run is. The thread keeps the number in its state, but a run that is killed before its
// first superstep ends leaves no state. So each run that goes on with a turn leaves a mark on the checkpoint that it
// goes on from: a pending write of a task that never was, which LangGraph hands to nobody.
import { createHash } from "node:crypto";
import type { RunnableConfig } from "@langchain/core/runnables";
import { isCommand } from "@langchain/langgraph";
import { isRecord } from "../base/index.js";
import { isGoingOn, isNested } from "../langgraph/index.js";
import { type RunStorage, saysTryAgain } from "../runtime/index.js";
import { readMessages } from "./open-channels.js";

/** The channel of the marks. No graph has a channel of this name. */
const MARK = "__plan_execute_segment__";

/** Where a run stands in its turn. */
interface TurnPlace {
  readonly segment: number;
  /** The trace of the turn's first run, if this is a later one. */
  readonly traceparent?: string;
}

/**
 * Counts the segment that a run with this input is, and marks it. A new input begins a turn: it is the first. Only where
 * the turn failed may an input take it up again.
 */
export async function countSegment(
  input: unknown,
  config: RunnableConfig,
  storage: RunStorage | undefined,
): Promise<TurnPlace> {
  const isResumed = isNested(config)
    ? isGoingOn(config)
    : input === null || input === undefined || isCommand(input);
  const { thread_id, checkpoint_ns = "" } = config.configurable ?? {};
  if (!(isResumed || mayTakeUp(input)) || storage === undefined || thread_id === undefined) {
    return { segment: 1 };
  }
  // The newest checkpoint, whichever the run goes on from: a branch must not count like the one that it leaves.
  const newest = await storage.checkpointer.getTuple({ configurable: { thread_id, checkpoint_ns } });
  if (newest === undefined || !(isResumed || Boolean(newest.checkpoint.channel_values.failure))) {
    return { segment: 1 };
  }
  const { checkpoint, metadata, pendingWrites = [] } = newest;
  const marks = pendingWrites.filter(([, channel]) => channel === MARK).length;
  // Right after an input the state still has the number of the turn before.
  const kept = metadata?.source === "input" ? 1 : Number(checkpoint.channel_values.segment ?? 1);
  const segment = Math.max(1, kept) + marks + 1;
  const marked = { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  await storage.writeIfPossible(marked, [[MARK, segment]], taskIdOf(checkpoint.id, segment));
  const { traceparent } = checkpoint.channel_values;
  return { segment, ...(typeof traceparent === "string" ? { traceparent } : {}) };
}

/** Whether an input asks for nothing new. */
function mayTakeUp(input: unknown): boolean {
  const { input: goal, messages } = isRecord(input) ? input : {};
  const [last] = Array.isArray(messages) ? readMessages(messages.slice(-1)) : [];
  const words = typeof goal === "string" && goal !== "" ? goal : (last?.text ?? "");
  return words === "" || saysTryAgain(words);
}

/** An id in the form of LangGraph's own, another one for each mark. */
function taskIdOf(checkpointId: string, segment: number): string {
  const hex = createHash("sha256").update(`${checkpointId} ${segment}`).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
