import { createHash } from "node:crypto";

/** Numbers from 0 up to 1. The same seed and name always give the same sequence; other names give others. */
export function createRandom(seed: number, name: string): () => number {
  let state = createHash("sha256").update(`${seed}:${name}`).digest().readUInt32LE();
  // Mulberry32.
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Value>(values: readonly [Value, ...Value[]], random: () => number): Value {
  return values[Math.floor(random() * values.length)] ?? values[0];
}
