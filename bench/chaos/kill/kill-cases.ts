import { join } from "node:path";
import type { Chaos, ChaosCase, Scale } from "../case.js";
import type { Wanted } from "./executioner.js";
import { openKillSite } from "./kill-site.js";
import { killUntilItEnds, runUndisturbed, theEnd } from "./kill-until-end.js";
import { phases } from "./phases.js";
import { Tally } from "./tally.js";

/** Kills in each phase, on each database. */
const killsByScale: Readonly<Record<Scale, number>> = { short: 3, long: 27 };
const RUNS_AT_ONCE = 2;
const MOST_RUNS = 100;

/** Runs whose processes are killed again and again, on each database. */
export const killCases: readonly ChaosCase[] = [
  { name: "killed, SQLite", run: (chaos) => killRuns(chaos, `sqlite:${join(chaos.folder, "threads.db")}`) },
  {
    name: "killed, PostgreSQL",
    run: async (chaos) => killRuns(chaos, await chaos.postgres.createDatabase()),
  },
];

async function killRuns({ seed, scale, folder }: Chaos, url: string) {
  const site = await openKillSite(url, folder, seed);
  const wanted: Wanted = new Map(phases.map((phase) => [phase, killsByScale[scale]]));
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
    if (count > 0) tally.blame(phase, { lost: [], repeated: [], wrong: [`${count} kills came not to pass`] });
  }
  return tally.rows();
}
