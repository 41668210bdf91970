import { join } from "node:path";
import { createCheckpointer } from "../../../src/index.js";
import { bundleProgram } from "../../../test/support/program-file.js";
import { createRandom } from "../random.js";
import type { RunParts } from "./killed-run.js";
import { startModelServer } from "./model-server.js";

/** How the agent is used on a site. */
export type SiteSetting = Pick<RunParts, "shape" | "hasStore">;

/**
 * Where runs are killed: a database, a model, and a program for the processes. It is closed when everything is over.
 */
export interface KillSite {
  /** What the next run is made of. */
  nextRun(): RunParts;
  readonly runs: number;
  close(): Promise<void>;
}

/** Opens a site on a database. Journals go into the folder. */
export async function openKillSite(
  url: string,
  folder: string,
  seed: number,
  setting: SiteSetting = { shape: "alone", hasStore: false },
): Promise<KillSite> {
  const { shape, hasStore } = setting;
  const workerFile = bundleProgram(new URL("./worker.ts", import.meta.url));
  const models = await startModelServer();
  const { checkpointer: store, kind, close } = await createCheckpointer(url);
  let runs = 0;
  return {
    nextRun() {
      runs += 1;
      const name = `run-${runs}`;
      const journal = join(folder, `${name}.journal`);
      const random = createRandom(seed, `${kind} ${shape} ${hasStore} ${name}`);
      return { name, url, journal, workerFile, models, store, random, ...setting };
    },
    get runs() {
      return runs;
    },
    async close() {
      await close();
      await models.close();
    },
  };
}
