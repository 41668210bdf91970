import { setTimeout as delay } from "node:timers/promises";
import type { Chaos, ChaosCase, Scale } from "../case.js";
import { checkEnd } from "./check-run.js";
import { type Database, urlOf } from "./database.js";
import { type KillSite, openKillSite } from "./kill-site.js";
import { KilledRun, type Killer } from "./killed-run.js";
import type { Phase } from "./phases.js";
import { Tally } from "./tally.js";
import type { Attempt } from "./worker-process.js";

/** How often two processes meet in each phase, on each database. */
const roundsByScale: Readonly<Record<Scale, number>> = { short: 1, long: 10 };
/** Longer than any round, because the owner waits for its person until it is killed. */
const PERSON_MS = 120_000;
/** How long the next process may have to wait for a lock whose owner was killed. */
const FREED_WITHIN_MS = 10_000;
const theSecond = "second process";
const theNext = "owner killed";

/** Two processes that want the same thread at the same time. */
export const lockCases: readonly ChaosCase[] = [
  createCase("sqlite", "SQLite"),
  createCase("postgres", "PostgreSQL"),
];

function createCase(database: Database, shown: string): ChaosCase {
  return { name: `two processes, ${shown}`, run: async (chaos) => meet(chaos, await urlOf(database, chaos)) };
}

async function meet({ seed, scale, folder }: Chaos, url: string) {
  const site = await openKillSite(url, folder, seed);
  const tally = new Tally([theSecond, theNext]);
  try {
    for (let round = 0; round < roundsByScale[scale]; round += 1) {
      await Promise.all([meetOnce(site, "tool in flight", tally), meetOnce(site, "approval waiting", tally)]);
    }
  } finally {
    await site.close();
  }
  return tally.rows();
}

/**
 * The second process comes while the first is in the middle of a phase. Then the first is killed, and the next
 * continues.
 */
async function meetOnce(site: KillSite, phase: Phase, tally: Tally): Promise<void> {
  const run = new KilledRun(site.nextRun());
  let second: Promise<Attempt> | undefined;
  const owner = await run.attempt({ locks: true, personMs: PERSON_MS }, (kill): Killer => {
    return {
      onMoment(moment) {
        if (second !== undefined || moment.phase !== phase || moment.at !== "begin") {
          return;
        }
        second = run.intrude({ locks: true });
        second.finally(kill).catch(() => {});
      },
      atEnd: () => undefined,
    };
  });
  const intruder = await second;
  tally.try(theSecond);
  tally.blame(theSecond, owner.faults);
  if (intruder?.isBusy !== true || intruder.complaint !== "") {
    tally.blame(theSecond, {
      lost: [],
      repeated: [],
      wrong: [`it was not told that the thread is busy, but: ${intruder?.complaint}`],
    });
  }
  tally.try(theNext);
  const deadline = performance.now() + FREED_WITHIN_MS;
  let next = await run.attempt({ locks: true });
  while (next.isBusy && performance.now() < deadline) {
    await delay(100);
    next = await run.attempt({ locks: true });
  }
  tally.blame(theNext, next.faults);
  if (next.end === undefined) {
    const wrong = [next.isBusy ? `the lock was not freed within ${FREED_WITHIN_MS} ms` : "it came to no end"];
    tally.blame(theNext, { lost: [], repeated: [], wrong });
  } else {
    tally.blame(theNext, checkEnd(next.end.state, await run.journal(), run.requests));
  }
}
