import type { TestPostgres } from "../../test/support/postgres.js";

/** How much is done: `short` fits into the checks of every change, `long` is for a night. */
export type Scale = "short" | "long";

/** What a case gets. */
export interface Chaos {
  readonly seed: number;
  /** From 0 up to 1. Each case has its own sequence, made from the seed and the case's name. */
  readonly random: () => number;
  readonly scale: Scale;
  readonly postgres: TestPostgres;
  /** A folder of the case's own, removed at the end. */
  readonly folder: string;
}

/** The result of one phase of a case. If all is well, nothing is lost, repeated or wrong. */
export interface ChaosRow {
  readonly phase: string;
  /** How often it was tried. */
  readonly tries: number;
  /** What was kept or promised and is gone, a sentence each. */
  readonly lost: readonly string[];
  /** What was done more often than allowed, a sentence each. */
  readonly repeated: readonly string[];
  /** What came out differently than it must, a sentence each. */
  readonly wrong: readonly string[];
}

/** One thing that the chaos program does. */
export interface ChaosCase {
  readonly name: string;
  run(chaos: Chaos): Promise<readonly ChaosRow[]>;
}
