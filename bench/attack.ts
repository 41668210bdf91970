/**
 * Checks whether anybody gets past a person's decision, and whether any input takes the process down: `npm run
 * attack`. Each case attacks the package as an outsider would, and judges by the result. `-- --only forgery` runs the
 * cases whose area or name contains that word, and `-- --seed 7` repeats the same random values.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startDevServer } from "../test/server/dev-server.js";
import { bundleProgram } from "../test/support/program-file.js";
import type { AttackCase } from "./attack/case.js";
import { cases } from "./attack/cases.js";
import { users } from "./attack/server/running-server.js";
import { type AttackRow, toSums, toTable } from "./attack/table.js";
import { WorkerProcess } from "./attack/worker-process.js";

const { values } = parseArgs({
  options: { seed: { type: "string" }, only: { type: "string", default: "" } },
});
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed);
if (!Number.isSafeInteger(seed)) {
  throw new TypeError(`--seed wants a whole number, not "${values.seed}".`);
}
const names = new Set(cases.map(({ name }) => name));
if (names.size < cases.length) {
  throw new TypeError("Two cases have the same name: a worker finds a case by it.");
}
const chosen = cases.filter(({ area, name }) => `${area}: ${name}`.includes(values.only));
const began = performance.now();
const repository = fileURLToPath(new URL("..", import.meta.url));
const root = await mkdtemp(join(tmpdir(), "plan-execute-attack-"));
const commandLine = bundleProgram(new URL("../src/cli/main.ts", import.meta.url));
const worker = bundleProgram(new URL("./attack/worker.ts", import.meta.url));
const starting = chosen.some(({ needsServer }) => needsServer)
  ? startDevServer({ PLAN_EXECUTE_USERS: JSON.stringify(users) })
  : undefined;
const verdicts = new Map<AttackCase, AttackRow>();

try {
  // Cases that measure run one at a time, in the first worker. Cases that need the server come when it has started.
  const measured = chosen.filter(({ isAlone }) => isAlone);
  const others = chosen.filter(({ isAlone, needsServer }) => !isAlone && !needsServer);
  const queue = [...others, ...chosen.filter(({ needsServer }) => needsServer)];
  // Most of a case's time is spent waiting: for a process, a server or a clock.
  const workers = Array.from({ length: Math.min(8, 2 * availableParallelism()) }, () => work(queue));
  await Promise.all([work(measured).then(() => work(queue)), ...workers]);
  // Cases that depend on a clock or a server, or had no end in time, get another try when nothing else runs, because a
  // slow machine is no hole.
  await work(
    chosen.filter((attack) => {
      const verdict = verdicts.get(attack)?.verdict;
      return (attack.isAlone || attack.needsServer || verdict?.isLate) && !verdict?.isHeld;
    }),
  );
} finally {
  await starting?.then(({ stop }) => stop());
  await rm(root, { recursive: true, force: true });
}

const rows = chosen.flatMap((attack) => verdicts.get(attack) ?? []);
const fell = rows.filter(({ verdict }) => !verdict.isHeld);
console.log(`${toTable(rows)}\n\n${toSums(rows)}`);
const seconds = ((performance.now() - began) / 1_000).toFixed(1);
console.log(`\n${rows.length} cases, ${fell.length} fell, ${seconds} s, seed ${seed}`);
const code = fell.length > 0 || rows.length === 0 ? 1 : 0;
process.stdout.write("", () => process.exit(code));

/** Runs cases in a process of their own, one after the other. Other calls may take from the same queue. */
async function work(queue: AttackCase[]): Promise<void> {
  const process = new WorkerProcess(worker, repository);
  for (let attack = queue.shift(); attack !== undefined; attack = queue.shift()) {
    const folder = await mkdtemp(join(root, "case-"));
    const { url, folder: serverFolder } = (attack.needsServer && (await starting)) || { url: "", folder: "" };
    const order = { seed, folder, commandLine, server: { url, folder: serverFolder } };
    const startedAt = performance.now();
    const verdict = await process.run(attack, order);
    verdicts.set(attack, { attack, verdict, seconds: (performance.now() - startedAt) / 1_000 });
    await rm(folder, { recursive: true, force: true });
  }
  process.stop();
}
