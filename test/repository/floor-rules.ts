import { posix } from "node:path";
import { packageOf, type SourceFile, type SourceImport } from "./source-files.js";

/** The folders of src from the top floor down: each imports only from those before it. index.ts is below all. */
export const floors: readonly string[] = [
  "text",
  "errors",
  "signals",
  "plan",
  "scheduler",
  "usage",
  "events",
  "policy",
  "state",
  "models",
  "prompts",
  "tools",
  "checkpoint",
  "nodes",
  "agent",
  "config",
  "report",
  "cli",
  "index.ts",
];

/** The packages that a pure floor may import; Node's own modules are not among them either. */
const allowedOnPureFloors: Readonly<Record<string, readonly string[]>> = {
  text: [],
  errors: [],
  plan: ["zod"],
  scheduler: [],
  usage: ["zod"],
  events: [],
  policy: [],
};

/** Imports from a floor below, and files on no floor at all. */
export function findWrongFloors(files: readonly SourceFile[]): string[] {
  const unknown = files
    .filter(({ path }) => floorNumber(path) < 0)
    .map(({ path }) => `${path} is on no floor`);
  const upsideDown = eachImport(files, (file, { target }) =>
    target?.startsWith("src/") && floorNumber(target) > floorNumber(file.path)
      ? `imports ${target}, which is on a floor below`
      : undefined,
  );
  return [...unknown, ...upsideDown];
}

/** Packages on floors that are to stay pure. */
export function findImpureImports(files: readonly SourceFile[]): string[] {
  return eachImport(files, (file, { specifier }) => {
    const allowed = allowedOnPureFloors[floorOf(file.path)];
    if (allowed === undefined || specifier.startsWith(".") || allowed.includes(specifier)) return undefined;
    return `imports ${specifier} on a floor that is pure`;
  });
}

/** Inside a folder the file is imported, across folders the folder's index; a folder in a floor may have one too. */
export function findWrongDoors(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return eachImport(files, ({ path }, { target }) => {
    if (target === undefined || !target.startsWith("src/")) return undefined;
    if (isInside(path, posix.dirname(target)))
      return posix.basename(target) === "index.ts" ? `imports its own folder's index ${target}` : undefined;
    const entered = foldersOf(target).filter((folder) => !isInside(path, folder));
    const door = entered
      .map((folder) => `${folder}/index.ts`)
      .find((index) => paths.has(index) || foldersOf(index).length === 2);
    return door === undefined || door === target ? undefined : `imports ${target} past ${door}`;
  });
}

/** Each cycle of imports once, as the path of files that closes it. */
export function findCycles(files: readonly SourceFile[]): string[] {
  const next = new Map(
    files.map(({ path, imports }) => [path, imports.flatMap(({ target }) => (target ? [target] : []))]),
  );
  const cycles: string[] = [];
  const settled = new Set<string>();
  const trail: string[] = [];
  const walk = (path: string) => {
    if (settled.has(path)) return;
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(" -> "));
      return;
    }
    trail.push(path);
    for (const target of next.get(path) ?? []) walk(target);
    trail.pop();
    settled.add(path);
  };
  for (const path of next.keys()) walk(path);
  return cycles;
}

/** What graphs import that is neither a package nor this package's public surface. */
export function findInsideImports(files: readonly SourceFile[]): string[] {
  return eachImport(files, (_, { target }) =>
    target?.startsWith("src/") && target !== "src/index.ts"
      ? `imports ${target}: only src/index.ts is public`
      : undefined,
  );
}

/** Packages that must be loaded on demand and are imported up front. */
export function findStaticImports(files: readonly SourceFile[], packages: readonly string[]): string[] {
  return eachImport(files, (_, { specifier, kind }) =>
    kind !== "dynamic" && packages.includes(packageOf(specifier) ?? "")
      ? `imports ${specifier}, which may not be installed`
      : undefined,
  );
}

function eachImport(
  files: readonly SourceFile[],
  check: (file: SourceFile, found: SourceImport) => string | undefined,
): string[] {
  return files.flatMap((file) =>
    file.imports.flatMap((found) => {
      const violation = check(file, found);
      return violation === undefined ? [] : [`${file.path}:${found.line} ${violation}`];
    }),
  );
}

function floorOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function floorNumber(path: string): number {
  return floors.indexOf(floorOf(path));
}

/** The folders below the repository's root that a file is in, the outermost first. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function isInside(path: string, folder: string): boolean {
  return path.startsWith(`${folder}/`);
}
