// Work over large inputs must not hold up the process. It is written as a generator that pauses often, or asks its
// pace in its loops, and is done in slices between which everything else has its turn.
import { setImmediate } from "node:timers/promises";
import { BuiltinToolError } from "../tool-errors.js";

/** Work that can be left for a moment wherever it yields. */
export type Sliced<Result> = Generator<void, Result>;

/** How often a loop yields: each so many rounds. */
export const ROUNDS_A_PAUSE = 500;

const SLICE_MS = 10;
const MAX_WORK_MS = 30_000;

/** The pace of one piece of work: when it is to rest, and when it has taken too long. */
export class Pace {
  #sliceBegan = performance.now();
  #workedMs = 0;

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** Whether it is time for others to have their turn. */
  get isDue(): boolean {
    return performance.now() - this.#sliceBegan >= SLICE_MS;
  }

  /** Lets others have their turn; throws where the work has taken too long, or is not wanted any more. */
  async rest(): Promise<void> {
    this.#workedMs += performance.now() - this.#sliceBegan;
    if (this.#workedMs > MAX_WORK_MS) {
      throw tooLong(this.#workedMs);
    }
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#sliceBegan = performance.now();
  }

  /** Does the work in slices. */
  async carryOut<Result>(work: Sliced<Result>): Promise<Result> {
    for (;;) {
      const next = work.next();
      if (next.done === true) {
        return next.value;
      }
      if (this.isDue) {
        await this.rest();
      }
    }
  }
}

function tooLong(workedMs: number): BuiltinToolError {
  const message = `It took ${Math.round(workedMs)} ms of work; ${MAX_WORK_MS} are the most. Ask for less at once.`;
  return new BuiltinToolError("TOO_LARGE", message);
}
