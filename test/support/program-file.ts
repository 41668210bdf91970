import { mkdirSync, renameSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(repository, "node_modules/.programs");

/**
 * Bundles a program of this repository into one file: a process that has to compile each source by itself takes three
 * times as long to start. The file is as deep below package.json as `src/cli/main.ts`, which reads it. It is kept, as the
 * caches of other tools are, and made anew each time.
 */
export function bundleProgram(source: URL): string {
  const entry = fileURLToPath(source);
  const file = join(folder, relative(repository, entry).replace(/\W+/g, "-"));
  const outfile = `${file}.${process.pid}.mjs`;
  mkdirSync(folder, { recursive: true });
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "error",
  });
  // Whoever makes the same file at this moment makes the same.
  renameSync(outfile, `${file}.mjs`);
  return `${file}.mjs`;
}
