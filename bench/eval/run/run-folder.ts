import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { noSpending, type Spending } from "../../../src/usage/index.js";
import { writeJson } from "../write-json.js";
import { type EvalSettings, identityOf, settingsSchema } from "./settings.js";
import { type Transcript, transcriptSchema } from "./transcript.js";

/** The file in a run's folder that is no transcript. */
export const RUN_FILE = "run.json";

const runSchema = z.object({
  settings: settingsSchema,
  spent: z.object({
    calls: z.number(),
    inputTokens: z.number(),
    outputTokens: z.number(),
    costUsd: z.number().nullable(),
  }),
});

/** Names one run of a task. */
export interface RunKey {
  readonly suite: string;
  readonly agent: string;
  readonly task: string;
}

/**
 * The folder of a run: `run.json` with its settings and what it has spent, and a file for each transcript. A task with a
 * transcript is done. What a task cost that was cut off is in `spent` all the same.
 */
export class RunFolder {
  readonly #path: string;
  readonly #settings: EvalSettings;
  readonly #spentBefore: Spending;

  /** Opens a folder, or makes it. Throws if it holds a run with other models or options. */
  constructor(path: string, settings: EvalSettings) {
    this.#path = path;
    this.#settings = settings;
    const file = join(path, RUN_FILE);
    const found = existsSync(file) ? runSchema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
    if (found !== undefined && identityOf(found.settings) !== identityOf(settings)) {
      throw new Error(
        `${path} holds a run of ${identityOf(found.settings)}, this one is ${identityOf(settings)}. Name another folder with --out.`,
      );
    }
    this.#spentBefore = found?.spent ?? noSpending();
    this.keepSpending(this.#spentBefore);
  }

  /** What the run had spent when the folder was opened. */
  get spentBefore(): Spending {
    return this.#spentBefore;
  }

  keepSpending(spent: Spending): void {
    writeJson(join(this.#path, RUN_FILE), { settings: this.#settings, spent });
  }

  isDone(key: RunKey): boolean {
    return existsSync(join(this.#path, pathOf(key)));
  }

  save(transcript: Transcript): void {
    writeJson(join(this.#path, pathOf(transcript)), transcript);
  }

  /** The transcript of a run of a task; undefined if it is not done. */
  read(key: RunKey): Transcript | undefined {
    return this.isDone(key)
      ? transcriptSchema.parse(JSON.parse(readFileSync(join(this.#path, pathOf(key)), "utf8")))
      : undefined;
  }
}

/** Where a run of a task is kept below a folder. */
export function pathOf({ suite, agent, task }: RunKey): string {
  return join(suite, agent, `${task}.json`);
}
