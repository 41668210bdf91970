import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The result of one corpus: a line of counts, and what went wrong. */
export interface CorpusReport {
  readonly summary: string;
  readonly misses: readonly string[];
}

const dataFolder = new URL("../../../shared/data/", import.meta.url);

/** Whether the corpora are on this machine. They are not part of the project. */
export function hasCorpora(): boolean {
  return existsSync(fileURLToPath(dataFolder));
}

/** The plans of a corpus, one JSON value a line. We trust the corpora, so the type is not checked. */
export function readCorpus<Entry>(name: string): Entry[] {
  const lines = readFileSync(new URL(`${name}.jsonl`, dataFolder), "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line): Entry => JSON.parse(line));
}

/** A JSON file beside a corpus. */
export function readCorpusFile<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(name, dataFolder), "utf8"));
}
