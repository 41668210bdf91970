// Work on large inputs must not block the process. Such work is a generator that yields often, or a loop that
// asks its `Pace` whether to rest. It runs in slices, and everything else gets its turn between them.
import { setImmediate } from "node:timers/promises";
import { BuiltinToolError } from "../tool-errors.js";

/** Work that can pause wherever it yields. */
export type Sliced<Result> = Generator<void, Result>;

/** How many rounds of a loop pass between two yields. */
export const ROUNDS_A_PAUSE = 500;

/** Characters of a text that take as long as one round. */
const ROUND_CHARACTERS = 100;

/** Counts the rounds of a loop over values, and says when to yield: earlier where the values are long. */
export class Rounds {
  #count = 0;

  /** Counts a round over a value. Whether it is time to yield. */
  isPauseDue(value: unknown): boolean {
    const isLarge = typeof value === "object" && value !== null;
    const length = typeof value === "string" ? value.length : 0;
    // A list or an object is compared as JSON, and how long that is nobody knows before.
    this.#count += isLarge ? ROUNDS_A_PAUSE : 1 + length / ROUND_CHARACTERS;
    if (this.#count < ROUNDS_A_PAUSE) {
      return false;
    }
    this.#count = 0;
    return true;
  }
}

const SLICE_MS = 10;
const MAX_WORK_MS = 30_000;

/** The pace of one piece of work: says when to rest, and stops work that takes too long. */
export class Pace {
  #sliceBegan = performance.now();
  #workedMs = 0;

  constructor(private readonly signal: AbortSignal | undefined) {}

  /** Whether it is time to let others have their turn. */
  get isDue(): boolean {
    return performance.now() - this.#sliceBegan >= SLICE_MS;
  }

  /** Lets others have their turn. Throws if the work has taken too long or was aborted. */
  async rest(): Promise<void> {
    this.#workedMs += performance.now() - this.#sliceBegan;
    if (this.#workedMs > MAX_WORK_MS) {
      throw tooLong(this.#workedMs);
    }
    await setImmediate();
    this.signal?.throwIfAborted();
    this.#sliceBegan = performance.now();
  }

  /** Runs the work in slices. */
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
