import { allEdges, describePackage, type Edge } from "./dependency-edges.js";
import { isInstalled, type LockFile, packageName } from "./lock-file.js";

/** One version of a package that a project has. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  /** Whether the project itself asks for it, and not only what it uses. */
  readonly direct: boolean;
  /** Whether it is there for development alone. */
  readonly dev: boolean;
  /** Everywhere it is installed. */
  readonly paths: readonly string[];
  /** Why it is there: the shortest chain from the project to it; empty where nothing needs it. */
  readonly why: readonly string[];
}

/** All that a project uses, direct and transitive, each version of a package by itself, by name and version. */
export function listDependencies(lock: LockFile): Dependency[] {
  const edges = allEdges(lock);
  const tree = reach(lock, edges);
  const ofProject = new Set(edges.filter(({ from }) => !isInstalled(from)).map(({ to }) => to));
  const groups = new Map<string, Dependency>();
  for (const [path, entry] of lock.packages) {
    if (!isInstalled(path) || entry.link === true || entry.version === undefined) {
      continue;
    }
    const name = packageName(path, entry);
    const key = `${name}@${entry.version}`;
    const before = groups.get(key);
    const chain = chainTo(lock, tree, path);
    const dev = entry.dev === true;
    groups.set(key, {
      name,
      version: entry.version,
      direct: ofProject.has(path) || before?.direct === true,
      dev: dev && before?.dev !== false,
      paths: [...(before?.paths ?? []), path],
      why: before === undefined || isShorter(chain, before.why) ? chain : before.why,
    });
  }
  return [...groups.values()].sort(
    (one, other) => compareText(one.name, other.name) || compareText(one.version, other.version),
  );
}

/** The paths that the project needs, itself or through others. */
export function neededPaths(lock: LockFile): ReadonlySet<string> {
  return new Set(reach(lock, allEdges(lock)).keys());
}

/** The paths that the project needs to run, by whatever way: not for development alone, and not optionally. */
export function plainlyNeededPaths(lock: LockFile): ReadonlySet<string> {
  const plain = allEdges(lock).filter(({ isDev, mayBeMissing }) => !isDev && !mayBeMissing);
  return new Set(reach(lock, plain).keys());
}

/** Each path that is reached from the project, and the one before it on the shortest way. */
function reach(lock: LockFile, edges: readonly Edge[]): ReadonlyMap<string, string | undefined> {
  const targets = new Map<string, string[]>();
  for (const { from, to } of edges) {
    if (to === undefined) {
      continue;
    }
    const list = targets.get(from);
    if (list === undefined) {
      targets.set(from, [to]);
    } else {
      list.push(to);
    }
  }
  const before = new Map<string, string | undefined>();
  const queue = [...lock.packages.keys()].filter((path) => !isInstalled(path));
  for (const path of queue) {
    before.set(path, undefined);
  }
  for (let at = 0; at < queue.length; at += 1) {
    const path = queue[at] ?? "";
    for (const target of targets.get(path) ?? []) {
      if (before.has(target)) {
        continue;
      }
      before.set(target, path);
      queue.push(target);
    }
  }
  return before;
}

function chainTo(lock: LockFile, tree: ReadonlyMap<string, string | undefined>, path: string): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = path; at !== undefined && tree.has(at); at = tree.get(at)) {
    chain.unshift(describePackage(lock, at));
  }
  return chain;
}

function isShorter(chain: readonly string[], than: readonly string[]): boolean {
  return chain.length > 0 && (than.length === 0 || chain.length < than.length);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
