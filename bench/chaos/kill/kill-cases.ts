import type { Chaos, ChaosCase, Scale } from "../case.js";
import { type Database, urlOf } from "./database.js";
import type { Wanted } from "./executioner.js";
import { openKillSite } from "./kill-site.js";
import { killUntilItEnds, runUndisturbed, theEnd } from "./kill-until-end.js";
import { phases } from "./phases.js";
import type { Shape } from "./shapes.js";
import { Tally } from "./tally.js";

/** Kills in each phase, of each case. */
const killsByScale: Readonly<Record<Scale, Readonly<Record<Shape, number>>>> = {
  short: { alone: 2, node: 1, invoked: 1 },
  long: { alone: 24, node: 4, invoked: 4 },
};
const RUNS_AT_ONCE = 2;
const MOST_RUNS = 100;

/** Runs whose processes are killed again and again, both alone and inside another graph. */
export const killCases: readonly ChaosCase[] = [
  createCase("killed, SQLite", "sqlite", "alone"),
  createCase("killed, PostgreSQL", "postgres", "alone"),
  createCase("as a node, SQLite", "sqlite", "node"),
  createCase("as a node, PostgreSQL", "postgres", "node"),
  createCase("invoked in a node, SQLite", "sqlite", "invoked"),
  createCase("invoked in a node, PostgreSQL", "postgres", "invoked"),
];

/** Runs without a store, because the checkpointer alone must be enough. */
function createCase(name: string, database: Database, shape: Shape): ChaosCase {
  return { name, run: async (chaos) => killRuns(chaos, await urlOf(database, chaos), shape) };
}

async function killRuns({ seed, scale, folder }: Chaos, url: string, shape: Shape) {
  const site = await openKillSite(url, folder, seed, { shape, hasStore: false });
  const kills = killsByScale[scale][shape];
  const wanted: Wanted = new Map(phases.map((phase) => [phase, kills]));
  const tally = new Tally([...phases, theEnd]);
  try {
    const expected = await runUndisturbed(site.nextRun(), tally);
    const work = async () => {
      while ([...wanted.values()].some((count) => count > 0) && site.runs < MOST_RUNS) {
        await killUntilItEnds(site.nextRun(), wanted, expected, tally);
      }
    };
    await Promise.all(Array.from({ length: RUNS_AT_ONCE }, work));
  } finally {
    await site.close();
  }
  for (const [phase, count] of wanted) {
    if (count > 0) {
      tally.blame(phase, { lost: [], repeated: [], wrong: [`${count} kills came not to pass`] });
    }
  }
  return tally.rows();
}
