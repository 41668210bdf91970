import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkEnd } from "../../bench/chaos/kill/check-run.js";
import { type KillSite, openKillSite } from "../../bench/chaos/kill/kill-site.js";
import { killUntilItEnds, runUndisturbed } from "../../bench/chaos/kill/kill-until-end.js";
import { KilledRun, type Killer, type ProcessReport } from "../../bench/chaos/kill/killed-run.js";
import { stepOfKey } from "../../bench/chaos/kill/ragged-plan.js";
import type { Shape } from "../../bench/chaos/kill/shapes.js";
import { Tally } from "../../bench/chaos/kill/tally.js";
import { withPostgres } from "../support/with-postgres.js";

const seed = 1;
const folder = mkdtempSync(join(tmpdir(), "plan-execute-durability-"));
const noFaults = { lost: [], repeated: [], wrong: [] };
const postgres = withPostgres();
const sites: KillSite[] = [];
let sqliteSite: KillSite;
let postgresSite: KillSite;
let nodeSite: KillSite;
let invokedSite: KillSite;

beforeAll(async () => {
  const open = async (url: string, shape: Shape) => {
    const site = await openKillSite(url, mkdtempSync(join(folder, `${shape}-`)), seed, {
      shape,
      hasStore: false,
    });
    sites.push(site);
    return site;
  };
  const sqlite = (name: string) => `sqlite:${join(folder, `${name}.db`)}`;
  sqliteSite = await open(sqlite("alone"), "alone");
  postgresSite = await open(await postgres.createDatabase(), "alone");
  nodeSite = await open(await postgres.createDatabase(), "node");
  invokedSite = await open(sqlite("invoked"), "invoked");
}, 60_000);
afterAll(async () => {
  for (const site of sites) {
    await site.close();
  }
  rmSync(folder, { recursive: true });
});

/** Kills as soon as a step's tool is called. */
function killIn(stepId: string): (kill: () => void) => Killer {
  return (kill) => ({
    onMoment({ phase, id, at }) {
      if (phase === "tool in flight" && at === "begin" && stepOfKey(id) === stepId) {
        kill();
      }
    },
    atEnd: () => undefined,
  });
}

/** The steps whose tools were called, for-each steps and agents once for each call. */
function startedSteps({ entries }: ProcessReport): string[] {
  return entries.filter(({ event }) => event === "began").map(({ key }) => stepOfKey(key));
}

const stepsAsked = ({ end }: ProcessReport) => end?.request?.map(({ stepId }) => stepId);

describe("a ragged run, its process killed", () => {
  it.each([
    { kind: "sqlite", site: () => sqliteSite },
    { kind: "postgres", site: () => postgresSite },
    { kind: "postgres, as a node of another graph", site: () => nodeSite },
    { kind: "sqlite, invoked in a node of another graph", site: () => invokedSite },
  ])(
    "again and again, on $kind: it ends as if nothing had been, and nothing kept as finished runs again",
    async ({ site }) => {
      const tally = new Tally([]);
      const expected = await runUndisturbed(site().nextRun(), tally);
      await killUntilItEnds(
        site().nextRun(),
        new Map([
          ["tool in flight", 2],
          ["result stored", 1],
          ["step's model call", 1],
        ]),
        expected,
        tally,
      );
      const rows = tally.rows();
      expect(rows.map(({ lost, repeated, wrong }) => ({ lost, repeated, wrong }))).toEqual(
        rows.map(() => noFaults),
      );
      expect(rows.length).toBeGreaterThan(2);
    },
    120_000,
  );

  it("and resumed with one more tool that waits for a person: what is approved runs, and every output is right", async () => {
    const run = new KilledRun(sqliteSite.nextRun());
    await run.attempt({}, killIn("d"));
    const more = { approveTools: ["post"] };

    const asked = await run.attempt({ ...more, approves: false });
    expect(asked.end?.state.status).toBe("waiting");
    expect(stepsAsked(asked)).toEqual(["e", "g"]);
    const last = await run.attempt(more);

    expect(startedSteps(asked)).not.toContain("e");
    expect(startedSteps(last)).toEqual(expect.arrayContaining(["e", "g", "i", "k", "z"]));
    expect([asked.faults, last.faults]).toEqual([noFaults, noFaults]);
    expect(checkEnd(last.end?.state, await run.journal(), run.requests)).toEqual(noFaults);
  }, 120_000);

  it("while it waits for a person and while it does what was approved: it asks for nothing twice", async () => {
    const run = new KilledRun(postgresSite.nextRun());
    const asked = await run.attempt({ approves: false });
    expect(stepsAsked(asked)).toEqual(["i"]);

    const approved = await run.attempt({}, killIn("i"));
    expect(approved.end).toBeUndefined();
    expect(startedSteps(approved)).toEqual(["i"]);

    const askedAgain = await run.attempt({ approves: false });
    expect(stepsAsked(askedAgain)).toEqual(["announce"]);
    const last = await run.attempt();
    expect([approved.faults, askedAgain.faults, last.faults]).toEqual([noFaults, noFaults, noFaults]);
    expect(checkEnd(last.end?.state, await run.journal(), run.requests)).toEqual(noFaults);
  }, 120_000);

  it("on a store that loses what it acknowledged: the checks see it", async () => {
    const run = new KilledRun(sqliteSite.nextRun());
    const { faults } = await run.attempt({ forgets: true }, killIn("h"));
    expect(faults.lost).toEqual(expect.arrayContaining(["step d was kept and is gone"]));
  }, 120_000);
});
