import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** An operation of GitHub's API, as far as a planner needs it. `generate-operations.ts` writes them. */
export interface Operation {
  readonly name: string;
  readonly summary: string;
  /** The beginning of its description. */
  readonly about: string;
  /** Whether it changes nothing. */
  readonly reads?: true;
  readonly parameters: readonly Parameter[];
  /** The fields of its answer that name things: under "" those of the items of a list, under "." its own. */
  readonly gives: Readonly<Record<string, readonly string[]>>;
}

export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required?: true;
  readonly values?: readonly string[];
}

export const OPERATIONS_FILE = fileURLToPath(new URL("github-operations.jsonl", import.meta.url));

/** Reads all operations. */
export function readOperations(): Operation[] {
  const lines = readFileSync(OPERATIONS_FILE, "utf8").trim().split("\n");
  return lines.map((line): Operation => JSON.parse(line));
}
