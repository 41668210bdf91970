import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** Programs of this repository, each in one file. */
export interface Programs {
  /** The command line. */
  readonly commandLine: string;
  /** The program that carries out the cases. */
  readonly worker: string;
  remove(): Promise<void>;
}

/**
 * Bundles each program's sources into one file. A bundle starts in a third of the time. The files are as deep below
 * package.json as `src/cli/main.ts`, because that program reads package.json.
 */
export async function bundlePrograms(repository: string): Promise<Programs> {
  const folder = await mkdtemp(join(repository, "node_modules", ".attack-"));
  await build({
    target: "node20.19",
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
