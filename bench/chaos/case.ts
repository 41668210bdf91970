import type { TestPostgres } from "../../test/support/postgres.js";

/** How much is done: `short` fits into the checks of every change, `long` is for a night. */
export type Scale = "short" | "long";

/** What a case gets. */
export interface Chaos {
  readonly seed: number;
  /** From 0 up to 1; a sequence of the case's own, made of the seed and the case's name. */
  readonly random: () => number;
  readonly scale: Scale;
  readonly postgres: TestPostgres;
  /** A folder of the case's own, removed at the end. */
  readonly folder: string;
}

/** What came of one phase of a case: nothing is lost, repeated or wrong where all is well. */
export interface ChaosRow {
  readonly phase: string;
  /** How often it was tried. */
  readonly tries: number;
  /** What had been kept, or had been promised, and is gone; a sentence each. */
  readonly lost: readonly string[];
  /** What was done once more than it may be; a sentence each. */
  readonly repeated: readonly string[];
  /** What came out otherwise than it must; a sentence each. */
  readonly wrong: readonly string[];
}

/** One thing that the chaos program does. */
export interface ChaosCase {
  readonly name: string;
  run(chaos: Chaos): Promise<readonly ChaosRow[]>;
}
