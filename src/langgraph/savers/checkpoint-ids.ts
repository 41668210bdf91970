// LangGraph's checkpoint ids are UUIDs of version 6, so they sort by time and contain the time.
import type { CheckpointTuple } from "@langchain/langgraph";

/**
 * The offset of 1970 in a UUID of version 6, which counts tenths of microseconds from the start of the Gregorian
 * calendar.
 */
const GREGORIAN_OFFSET = 122_192_928_000_000_000n;

/**
 * Returns the smallest id that a checkpoint of this time can have. LangGraph makes an id in the same moment as the
 * checkpoint's `ts`. Unlike `ts`, the id can be read even if states are encrypted.
 */
export function smallestIdAt(timeMs: number): string {
  const ticks = BigInt(Math.max(0, Math.ceil(timeMs))) * 10_000n + GREGORIAN_OFFSET;
  const digits = ticks.toString(16).padStart(15, "0");
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-6${digits.slice(12)}`;
}

/** Whether an id contains its time. */
export function tellsTime(checkpointId: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-6[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(checkpointId);
}

/** Whether a checkpoint holds all its channels. If it keeps some as changes, it needs the checkpoints before it. */
export function isWhole(tuple: CheckpointTuple | undefined): boolean {
  const changes: unknown = Reflect.get(tuple?.metadata ?? {}, "counters_since_delta_snapshot");
  return Object.keys(Object(changes)).length === 0;
}
