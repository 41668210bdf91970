import type { RunningServer } from "./server/running-server.js";

/** What came of an attack. */
export interface Verdict {
  /** Whether what was attacked held. */
  readonly isHeld: boolean;
  /** What happened, in a few words. */
  readonly got: string;
}

/** What a case gets. */
export interface Attack {
  /** From 0 up to 1; a sequence of the case's own, made of the seed and the case's name. */
  readonly random: () => number;
  /** A folder of the case's own, removed at the end. */
  readonly folder: string;
  /** The command line's program, in one file. */
  readonly commandLine: string;
  /** The development server, for the cases that want it. */
  readonly server: RunningServer;
}

/** One attack. Each runs in a worker process, one at a time: a case that ends its process is a case that fell. */
export interface AttackCase {
  readonly area: string;
  /** What is attempted, as a sentence; no two cases have the same. */
  readonly name: string;
  /** What must come of it, in a few words. */
  readonly expected: string;
  /** Where it has no verdict after so long, the worker is killed and the case fell. @default 10,000 */
  readonly deadlineMs?: number;
  /** Whether the development server is attacked; all such cases share one. @default false */
  readonly needsServer?: boolean;
  /** Whether time and memory are measured: such cases run one at a time. @default false */
  readonly isAlone?: boolean;
  run(attack: Attack): Promise<Verdict>;
}

/** A case without its area. */
export type NamedAttack = Omit<AttackCase, "area">;

/** The cases of an area. */
export function areaOf(area: string, cases: readonly NamedAttack[]): AttackCase[] {
  return cases.map((attack) => ({ area, ...attack }));
}

/** Cases that attack the server; each makes many requests. */
export function onServer(cases: readonly NamedAttack[]): NamedAttack[] {
  return cases.map((attack) => ({ ...attack, needsServer: true, deadlineMs: 60_000 }));
}

/** The verdict of a condition. */
export function judge(isHeld: boolean, got: string): Verdict {
  return { isHeld, got };
}

/** The case is not what it is meant to be: what it attacks was not there. */
export class SetUpError extends Error {
  override readonly name = "SetUpError";
}

/** Throws where a case has no ground to stand on: without it, it would pass for nothing. */
export function assertSetUp(isThere: boolean, what: string): asserts isThere {
  if (!isThere) {
    throw new SetUpError(`set-up: ${what}`);
  }
}
