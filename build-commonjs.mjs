// Puts the CommonJS build beside the ES modules in dist: for each file.js a file.cjs, for each file.d.ts a file.d.cts.
//
// Why two builds, where Node 20.19 and 22.12 can require() an ES module:
// - A program that requires us requires LangChain too, and gets LangChain's CommonJS build. Our ES modules would load
//   its other build beside that, so each of its classes would exist twice.
// - Node 22.12 prints an ExperimentalWarning when a program requires an ES module; 22.0 to 22.11 cannot do it.
// - The declarations of an ES module do not serve a CommonJS program: its compiler reads LangChain's as CommonJS, and
//   the same class declared twice is two types (attw: "CJS resolves to ESM").
// The files are not bundled, so that both builds find the data that lies beside them. The command line stays an ES
// module: nobody requires it.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const RELATIVE_MODULE = /((?:\bfrom|\bimport) ?\(?")(\.{1,2}\/[^"]+)\.js"/g;

/** Each import stays a require(); those of our own files ask for the CommonJS one. */
const stayImports = {
  name: "stay-imports",
  setup: ({ onResolve }) =>
    onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path: path.replace(/^(\..*)\.js$/, "$1.cjs"), external: true },
    ),
};

for (const { from, to } of [
  { from: "src", to: "dist" },
  { from: "graphs", to: "dist/graphs" },
]) {
  await build({
    entryPoints: filesIn(from).filter((path) => path.endsWith(".ts") && !path.startsWith("src/cli/")),
    outbase: from,
    outdir: to,
    outExtension: { ".js": ".cjs" },
    bundle: true,
    plugins: [stayImports],
    format: "cjs",
    platform: "node",
    target: "node20.19",
    // import() of a package becomes a require(): else it would load the other build of LangChain.
    supported: { "dynamic-import": false },
    // createRequire() takes either.
    define: { "import.meta.dirname": "__dirname", "import.meta.url": "__filename" },
    logLevel: "warning",
  });
}

for (const path of filesIn("dist").filter(
  (path) => path.endsWith(".d.ts") && !path.startsWith("dist/cli/"),
)) {
  const text = readFileSync(path, "utf8").replaceAll(RELATIVE_MODULE, '$1$2.cjs"');
  writeFileSync(path.replace(/\.d\.ts$/, ".d.cts"), text);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
