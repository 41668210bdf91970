import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { type Results, resultsSchema, toResult } from "../score/summary.js";
import { RUN_FILE } from "./run-folder.js";
import { transcriptSchema } from "./transcript.js";

/** Reads results: a file that was kept, or a run's folder, also of a run that is not at its end. */
export function readResults(path: string, label: string | undefined): Results {
  if (!statSync(path).isDirectory()) {
    const kept = resultsSchema.parse(readJson(path));
    return { ...kept, label: label ?? kept.label };
  }
  const transcripts = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".json") && name !== RUN_FILE)
    .sort()
    .map((name) => transcriptSchema.parse(readJson(join(path, name))));
  return { label: label ?? basename(path), results: transcripts.map(toResult) };
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
