import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** Programs of this repository, each in one file. */
export interface Programs {
  /** The command line. */
  readonly commandLine: string;
  /** What carries out the cases. */
  readonly worker: string;
  remove(): Promise<void>;
}

/**
 * Makes one file of each program's sources. They start in a third of the time that they take one by one, and the files
 * stand as deep below package.json as `src/cli/main.ts` does, which reads it.
 */
export async function bundlePrograms(repository: string): Promise<Programs> {
  const folder = await mkdtemp(join(repository, "node_modules", ".attack-"));
  await build({
    entryPoints: {
      main: join(repository, "src/cli/main.ts"),
      worker: join(repository, "bench/attack/worker.ts"),
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return {
    commandLine: join(folder, "main.mjs"),
    worker: join(folder, "worker.mjs"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
