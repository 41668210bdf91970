import type { Chaos, ChaosCase, Scale } from "../case.js";
import { type Database, urlOf } from "./database.js";
import type { Wanted } from "./executioner.js";
import { openKillSite, type SiteSetting } from "./kill-site.js";
import { killUntilItEnds, runUndisturbed, theEnd } from "./kill-until-end.js";
import { phases } from "./phases.js";
import type { Shape } from "./shapes.js";
import { Tally } from "./tally.js";

/** Kills in each phase, of each case. */
const killsByScale: Readonly<Record<Scale, Readonly<Record<Shape, number>>>> = {
  short: { alone: 3, node: 1, invoked: 1 },
  long: { alone: 24, node: 4, invoked: 4 },
};
const RUNS_AT_ONCE = 2;
const MOST_RUNS = 100;

/** Runs whose processes are killed again and again: by themselves and inside of another graph. */
export const killCases: readonly ChaosCase[] = [
  createCase("killed, SQLite", "sqlite", { shape: "alone", hasStore: false, memory: "all" }),
  createCase("killed, PostgreSQL", "postgres", { shape: "alone", hasStore: false, memory: "all" }),
  createCase("as a node, with a store", "postgres", {
    shape: "node",
    hasStore: true,
    memory: "what came out right",
  }),
  createCase("invoked in a node, with a store", "sqlite", {
    shape: "invoked",
    hasStore: true,
    memory: "what came out right",
  }),
  createCase("as a node, without a store", "sqlite", { shape: "node", hasStore: false, memory: "nothing" }),
];

function createCase(name: string, database: Database, setting: SiteSetting): ChaosCase {
  return { name, run: async (chaos) => killRuns(chaos, await urlOf(database, chaos), setting) };
}

async function killRuns({ seed, scale, folder }: Chaos, url: string, setting: SiteSetting) {
  const site = await openKillSite(url, folder, seed, setting);
  const kills = killsByScale[scale][setting.shape];
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
    if (count > 0) tally.blame(phase, { lost: [], repeated: [], wrong: [`${count} kills came not to pass`] });
  }
  return tally.rows();
}
