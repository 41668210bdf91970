import { join } from "node:path";
import type { Chaos, ChaosCase, Scale } from "../case.js";
import type { Wanted } from "./executioner.js";
import { openKillSite } from "./kill-site.js";
import { killUntilItEnds, runUndisturbed, theEnd } from "./kill-until-end.js";
import { phases } from "./phases.js";
import type { Shape } from "./shapes.js";
import { Tally } from "./tally.js";

interface Setting {
  readonly shape: Shape;
  readonly hasStore: boolean;
}

/** Kills in each phase, of each case. */
const killsByScale: Readonly<Record<Scale, Readonly<Record<Shape, number>>>> = {
  short: { alone: 3, node: 1, invoked: 1 },
  long: { alone: 24, node: 4, invoked: 4 },
};
const RUNS_AT_ONCE = 2;
const MOST_RUNS = 100;

/** Runs whose processes are killed again and again: by themselves and inside of another graph, on each database. */
export const killCases: readonly ChaosCase[] = [
  { name: "killed, SQLite", shape: "alone", database: "sqlite", hasStore: false } as const,
  { name: "killed, PostgreSQL", shape: "alone", database: "postgres", hasStore: false } as const,
  { name: "as a node, with a store", shape: "node", database: "postgres", hasStore: true } as const,
  { name: "invoked in a node, with a store", shape: "invoked", database: "sqlite", hasStore: true } as const,
  { name: "as a node, without a store", shape: "node", database: "sqlite", hasStore: false } as const,
].map(({ name, database, ...setting }) => ({
  name,
  run: async (chaos) => {
    const url =
      database === "sqlite"
        ? `sqlite:${join(chaos.folder, "threads.db")}`
        : await chaos.postgres.createDatabase();
    return killRuns(chaos, url, setting);
  },
}));

async function killRuns({ seed, scale, folder }: Chaos, url: string, setting: Setting) {
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
