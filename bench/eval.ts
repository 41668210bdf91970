/**
 * Runs tasks with an agent and says how many came out right: `npm run eval -- --model openai:gpt-4.1-mini --suite own`.
 * docs/benchmarks.md says what the flags mean. `--table` prints the results that are kept in bench/results/eval.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Cassette, installSessions } from "./eval/cassette/index.js";
import { setToday } from "./eval/clock.js";
import { type EvalCommand, readCommand } from "./eval/command.js";
import { runEval } from "./eval/run/run-eval.js";
import { RunFolder } from "./eval/run/run-folder.js";
import { createPlayer, createRecorder, noTape } from "./eval/run/tape-deck.js";
import { toTable } from "./eval/score/print.js";
import { type Results, resultsSchema, summarize } from "./eval/score/summary.js";
import { suites } from "./eval/suites/index.js";

const KEPT = fileURLToPath(new URL("results/eval", import.meta.url));

setToday();
installSessions();
const command = readCommand(process.argv.slice(2), suites);
process.exitCode = command.kind === "table" ? printKept(command.files) : await evaluate(command);

/** Prints a table of results that were kept. */
function printKept(files: readonly string[]): number {
  const kept = readdirSync(KEPT)
    .sort()
    .map((name) => join(KEPT, name));
  const results = (files.length > 0 ? files : kept).map((path) =>
    resultsSchema.parse(JSON.parse(readFileSync(path, "utf8"))),
  );
  const rows = results.flatMap(({ label, results: each }) =>
    summarize(each).map((row) => ({ ...row, agent: `${row.agent}, ${label}` })),
  );
  console.log(toTable(rows));
  return 0;
}

/** Runs what the command says. Returns the exit code: 1 if recordings are stale, 3 if the budget was spent. */
async function evaluate({
  settings,
  out,
  cassette,
  label,
  save,
  ...limits
}: Extract<EvalCommand, { kind: "run" }>) {
  const report = (line: string) => console.error(line);
  const stale: string[] = [];
  const tapes = cassette === undefined ? undefined : new Cassette(cassette.path);
  const deck =
    tapes === undefined
      ? noTape
      : cassette?.kind === "record"
        ? createRecorder(tapes, report)
        : createPlayer(tapes, stale);
  if (cassette?.kind === "record") {
    tapes?.begin(settings);
  }
  const folder = new RunFolder(out, settings);
  const { results, isSpent } = await runEval(settings, { suites, folder, deck, report, ...limits });
  console.log(`${toTable(summarize(results))}\n\nTranscripts: ${out}`);
  if (save !== undefined) {
    const kept: Results = { label, model: settings.model, results };
    mkdirSync(dirname(save), { recursive: true });
    writeFileSync(save, `${JSON.stringify(kept, null, 2)}\n`);
  }
  if (stale.length > 0) {
    console.error(`\n${stale.length} recordings are stale:\n${stale.join("\n")}`);
  }
  return stale.length > 0 ? 1 : isSpent ? 3 : 0;
}
