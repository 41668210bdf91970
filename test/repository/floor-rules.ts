import { posix } from "node:path";
import { packageOf, type SourceFile, type SourceImport } from "./source-files.js";

/** The rooms of src from the top floor down: each imports only from those before it. index.ts is below all. */
export const floors: readonly string[] = [
  "base",
  "files",
  "plan",
  "scheduler",
  "usage",
  "events",
  "audit",
  "policy",
  "langgraph",
  "telemetry",
  "state",
  "report",
  "models",
  "prompts",
  "tools",
  "mcp",
  "workers",
  "offline",
  "checkpoint",
  "streams",
  "options",
  "runtime/run",
  "runtime/turn",
  "runtime/steps",
  "runtime/planning",
  "runtime/undo",
  "runtime/steering",
  "runtime/execution",
  "runtime/replanning",
  "runtime/approval",
  "runtime",
  "agent",
  "agent-file",
  "queue",
  "cli",
  "index.ts",
];

/** The packages that a pure floor may import; Node's own modules are not among them either. */
const allowedOnPureFloors: Readonly<Record<string, readonly string[]>> = {
  // setMaxListeners: Node warns of eleven listeners on one signal.
  base: ["node:events"],
  plan: ["zod"],
  scheduler: [],
  usage: ["zod"],
  events: ["zod"],
  policy: [],
};

/** A room holds no more files than this, its index not counted. */
const MAX_FILES_OF_ROOM = 15;

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
    if (allowed === undefined || specifier.startsWith(".") || allowed.includes(specifier)) {
      return undefined;
    }
    return `imports ${specifier} on a floor that is pure`;
  });
}

/** Inside a folder the file is imported, across folders the folder's index; a folder in a floor may have one too. */
export function findWrongDoors(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return eachImport(files, ({ path }, { target }) => {
    if (target === undefined || !target.startsWith("src/")) {
      return undefined;
    }
    if (isInside(path, posix.dirname(target))) {
      return posix.basename(target) === "index.ts" ? `imports its own folder's index ${target}` : undefined;
    }
    const entered = foldersOf(target).filter((folder) => !isInside(path, folder));
    const door = entered
      .map((folder) => `${folder}/index.ts`)
      .find((index) => paths.has(index) || foldersOf(index).length === 2);
    return door === undefined || door === target ? undefined : `imports ${target} past ${door}`;
  });
}

/** Rooms that hold too much, have no index, or do not say at its head what they own, give and do not touch. */
export function findUntidyRooms(files: readonly SourceFile[]): string[] {
  const rooms = new Map<string, string[]>();
  for (const { path } of files) {
    const room = posix.dirname(path);
    rooms.set(room, [...(rooms.get(room) ?? []), path]);
  }
  const heads = new Map(files.map(({ path, syntax }) => [path, syntax.text]));
  return [...rooms].flatMap(([room, paths]) => {
    if (room === "src") {
      return [];
    }
    const others = paths.filter((path) => posix.basename(path) !== "index.ts");
    const crowded =
      others.length > MAX_FILES_OF_ROOM
        ? [`${room} has ${others.length} files; ${MAX_FILES_OF_ROOM} are enough`]
        : [];
    const head = heads.get(`${room}/index.ts`) ?? heads.get(`${room}/main.ts`) ?? "";
    const isHeaded = /^(#!.+\n)?\/\/ Owns: .+\n\/\/ Gives: .+\n\/\/ Does not touch: .+\n/.test(head);
    return isHeaded
      ? crowded
      : [...crowded, `${room}/index.ts does not begin with Owns, Gives, Does not touch`];
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
    if (settled.has(path)) {
      return;
    }
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push([...trail.slice(start), path].join(" -> "));
      return;
    }
    trail.push(path);
    for (const target of next.get(path) ?? []) {
      walk(target);
    }
    trail.pop();
    settled.add(path);
  };
  for (const path of next.keys()) {
    walk(path);
  }
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

/** The innermost floor that a file is on; "" if it is on none. */
function floorOf(path: string): string {
  const inside = path.slice("src/".length);
  const found = floors.filter((floor) => inside === floor || inside.startsWith(`${floor}/`));
  return found.sort((a, b) => b.length - a.length)[0] ?? "";
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
