// LangGraph's checkpoint ids are UUIDs of version 6: they sort by time, and tell it.
import type { CheckpointTuple } from "@langchain/langgraph";

/** A UUID of version 6 counts tenths of microseconds since the Gregorian calendar began; this many until 1970. */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;

/**
 * The smallest id that a checkpoint of this time can have: LangGraph's checkpoint ids are UUIDs of version 6, made in
 * the same moment as the checkpoint's `ts`, and sort by time. Unlike `ts` they can be read where states are encrypted.
 */
export function smallestIdAt(timeMs: number): string {
  const ticks = BigInt(Math.max(0, Math.ceil(timeMs))) * 10_000n + GREGORIAN_OFFSET;
  const digits = ticks.toString(16).padStart(15, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}`;
}

/** Whether an id tells its time. */
export function tellsTime(checkpointId: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(checkpointId);
}

/** Whether a checkpoint has all its channels; one whose channels are kept as changes needs those before it. */
export function isWhole(tuple: CheckpointTuple | undefined): boolean {
  const changes: unknown = Reflect.get(tuple?.metadata ?? {}, "counters_since_delta_snapshot");
  return Object.keys(Object(changes)).length === 0;
}
