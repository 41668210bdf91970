import type { RunningServer } from "./server/running-server.js";

/** The result of an attack. */
export interface Verdict {
  /** Whether the attacked part held. */
  readonly isHeld: boolean;
  /** What happened, in a few words. */
  readonly got: string;
  /** Whether there was no end in time. @default false */
  readonly isLate?: boolean;
}

/** What a case gets. */
export interface Attack {
  /** From 0 up to 1. Each case has its own sequence, made from the seed and the case's name. */
  readonly random: () => number;
  /** A folder of the case's own, removed at the end. */
  readonly folder: string;
  /** The command line's program, in one file. */
  readonly commandLine: string;
  /** The development server, for the cases that need it. */
  readonly server: RunningServer;
}

/** One attack. Each runs in a worker process, one at a time, so a case that ends its process is a case that fell. */
export interface AttackCase {
  readonly area: string;
  /** What is attempted, as a sentence. No two cases have the same name. */
  readonly name: string;
  /** The required result, in a few words. */
  readonly expected: string;
  /** If there is no verdict after this time, the worker is killed and the case fell. @default 10,000 */
  readonly deadlineMs?: number;
  /** Whether the development server is attacked. All such cases share one. @default false */
  readonly needsServer?: boolean;
  /** Whether time and memory are measured. Such cases run one at a time. @default false */
  readonly isAlone?: boolean;
  run(attack: Attack): Promise<Verdict>;
}

/** A case without its area. */
export type NamedAttack = Omit<AttackCase, "area">;

/** Assigns cases to an area. */
export function areaOf(area: string, cases: readonly NamedAttack[]): AttackCase[] {
  return cases.map((attack) => ({ area, ...attack }));
}

/** Marks cases that attack the server. Each makes many requests. */
export function onServer(cases: readonly NamedAttack[]): NamedAttack[] {
  return cases.map((attack) => ({ ...attack, needsServer: true, deadlineMs: 60_000 }));
}

/** Marks cases that call the command, often several times. Where other work runs, each call may take seconds. */
export function onCommand(cases: readonly NamedAttack[]): NamedAttack[] {
  return cases.map((attack) => ({ ...attack, deadlineMs: 60_000 }));
}

/** Turns a condition into a verdict. */
export function judge(isHeld: boolean, got: string): Verdict {
  return { isHeld, got };
}

/** The case is not what it is meant to be, because what it attacks was not there. */
export class SetUpError extends Error {
  override readonly name = "SetUpError";
}

/** Throws if a case is not set up, because otherwise it would pass without testing anything. */
export function assertSetUp(isThere: boolean, what: string): asserts isThere {
  if (!isThere) {
    throw new SetUpError(`set-up: ${what}`);
  }
}
