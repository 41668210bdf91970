/**
 * Runs tasks with an agent and says how many came out right: `npm run eval -- --model openai:gpt-4.1-mini --suite own`.
 * docs/benchmarks.md says what the flags mean. `--table` prints results that were kept, those in bench/results/eval
 * unless others are named.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Cassette, installSessions } from "./eval/cassette/index.js";
import { setToday } from "./eval/clock.js";
import { CommandError, type RunCommand, readCommand, type TableCommand } from "./eval/command.js";
import { readResults } from "./eval/run/read-results.js";
import { runEval } from "./eval/run/run-eval.js";
import { RunFolder } from "./eval/run/run-folder.js";
import { createPlayer, createRecorder, createUpdater, noTape } from "./eval/run/tape-deck.js";
import { toTable } from "./eval/score/print.js";
import { type Results, summarize } from "./eval/score/summary.js";
import { suites } from "./eval/suites/index.js";
import { writeJson } from "./eval/write-json.js";

const KEPT = fileURLToPath(new URL("results/eval", import.meta.url));

setToday();
installSessions();
process.exitCode = await call(process.argv.slice(2));

/** Returns the exit code: 1 if recordings are stale, 2 for a wrong call, 3 if the budget was spent. */
async function call(args: readonly string[]): Promise<number> {
  let command: RunCommand | TableCommand;
  try {
    command = readCommand(args, suites);
  } catch (error) {
    // `parseArgs` throws a TypeError for a flag that there is not.
    if (error instanceof CommandError || error instanceof TypeError) {
      console.error(error.message);
      return 2;
    }
    throw error;
  }
  return command.kind === "table" ? printResults(command) : evaluate(command);
}

function printResults({ paths, label, save }: TableCommand): number {
  const kept = () =>
    readdirSync(KEPT)
      .sort()
      .map((name) => join(KEPT, name));
  const all = (paths.length > 0 ? paths : kept()).map((path) => readResults(path, label));
  const rows = all.flatMap(({ label: name, results }) =>
    summarize(results).map((row) => ({ ...row, agent: `${row.agent}, ${name}` })),
  );
  console.log(toTable(rows));
  if (save !== undefined) {
    const kept: Results = { label: label ?? "", results: all.flatMap(({ results }) => results) };
    writeJson(save, kept);
  }
  return 0;
}

async function evaluate({ settings, out, cassette, label, save, ...limits }: RunCommand): Promise<number> {
  const report = (line: string) => console.error(line);
  const stale: string[] = [];
  const folder = new RunFolder(out, settings);
  const deck = createDeck();
  const { results, isSpent } = await runEval(settings, { suites, folder, deck, report, ...limits });
  console.log(`${toTable(summarize(results))}\n\nTranscripts: ${out}`);
  if (save !== undefined) {
    const kept: Results = { label, results };
    writeJson(save, kept);
  }
  if (results.length === 0) {
    report("No task was run.");
    return 1;
  }
  if (stale.length > 0) {
    report(`\nRecordings are stale:\n${stale.join("\n")}`);
    return 1;
  }
  return isSpent ? 3 : 0;

  function createDeck() {
    if (cassette === undefined) {
      return noTape;
    }
    const tapes = new Cassette(cassette.path);
    if (cassette.kind === "replay") {
      return createPlayer(tapes, stale);
    }
    if (cassette.kind === "update") {
      return createUpdater(tapes, report);
    }
    tapes.begin(settings);
    return createRecorder(tapes, report);
  }
}
