import { pick } from "../random.js";
import { checkEnd, type Expected, toComparable } from "./check-run.js";
import { Executioner, type Wanted } from "./executioner.js";
import { KilledRun, type RunParts } from "./killed-run.js";
import type { Tally } from "./tally.js";

/** The row for what is judged when a run has ended. */
export const theEnd = "(the run's end)";

const MOST_PROCESSES = 200;

/** Lets one process do a run from beginning to end. Every other run must reach the same result. */
export async function runUndisturbed(parts: RunParts, tally: Tally): Promise<Expected> {
  const run = new KilledRun(parts);
  const { end, faults } = await run.attempt();
  if (end === undefined) {
    throw new Error(`The undisturbed run came to no end: ${faults.wrong.join("; ")}`);
  }
  tally.try(theEnd);
  tally.blame(theEnd, faults);
  tally.blame(theEnd, checkEnd(end.state, await run.journal(), run.requests));
  return { end: toComparable(end.state), usedCalls: run.requests };
}

/**
 * Kills process after process until the run ends. A process's faults count for the kill before it, because that kill
 * left what it had to continue from.
 */
export async function killUntilItEnds(
  parts: RunParts,
  wanted: Wanted,
  expected: Expected,
  tally: Tally,
): Promise<void> {
  const run = new KilledRun(parts);
  let before: string = theEnd;
  for (let processes = 0; processes < MOST_PROCESSES; processes += 1) {
    const more = { storeMs: pick([2, 8], parts.random) };
    const { end, struck, faults } = await run.attempt(
      more,
      (kill) => new Executioner(wanted, parts.random, kill),
    );
    tally.blame(before, faults);
    if (end !== undefined) {
      tally.try(theEnd);
      tally.blame(theEnd, checkEnd(end.state, await run.journal(), run.requests, expected));
      return;
    }
    if (struck !== undefined) {
      tally.try(struck);
      wanted.set(struck, (wanted.get(struck) ?? 0) - 1);
    }
    before = struck ?? theEnd;
  }
  throw new Error(`${parts.name} came to no end in ${MOST_PROCESSES} processes.`);
}
