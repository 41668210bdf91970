import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A program in one file, so that a process starts quickly. The file has a folder of its own. */
export interface WorkerFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Compiles the worker, because a process that has to compile it itself takes three times as long to start. */
export async function buildWorker(
  program = fileURLToPath(new URL("./worker.ts", import.meta.url)),
): Promise<WorkerFile> {
  const folder = await mkdtemp(join(tmpdir(), "plan-execute-worker-"));
  const path = join(folder, "worker.mjs");
  await symlink(
    fileURLToPath(new URL("../../../node_modules", import.meta.url)),
    join(folder, "node_modules"),
  );
  await build({
    entryPoints: [program],
    outfile: path,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
