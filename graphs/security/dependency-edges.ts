import semver from "semver";
import type { LockEntry } from "./lock-entry.js";
import { isInstalled, type LockFile, packageName } from "./lock-file.js";

/** That one package needs another, and which installed one it gets. */
export interface Edge {
  /** Where the package is that needs it. */
  readonly from: string;
  readonly name: string;
  /** The versions that it accepts, as it declares them. */
  readonly spec: string;
  /** Where the package is that it gets; undefined where none is installed. */
  readonly to: string | undefined;
  /** Whether it does without, where none is installed. */
  readonly mayBeMissing: boolean;
  /** Whether it is for development alone. */
  readonly isDev: boolean;
}

/** What a declared dependency asks for: a package of the registry, and the versions of it that will do. */
export interface Wanted {
  readonly package: string;
  /** Undefined where no versions are named: a tag, an address, a folder. */
  readonly range: string | undefined;
}

/** Every need of every package of a lock file. */
export function allEdges(lock: LockFile): Edge[] {
  return [...lock.packages].flatMap(([path, entry]) => edgesFrom(lock, path, entry));
}

/** The needs of one package. */
export function edgesFrom({ packages }: LockFile, path: string, entry: LockEntry): Edge[] {
  if (entry.link === true) {
    return [];
  }
  const needs = new Map<string, Pick<Edge, "spec" | "mayBeMissing" | "isDev">>();
  const add = (
    ranges: Readonly<Record<string, string>> | undefined,
    mayBeMissing: boolean,
    isDev = false,
  ) => {
    for (const [name, spec] of Object.entries(ranges ?? {})) {
      needs.set(name, { spec, mayBeMissing, isDev });
    }
  };
  // npm installs peers, but not where it was told not to (legacy-peer-deps): a missing one is no fault.
  add(entry.peerDependencies, true);
  if (!isInstalled(path)) {
    add(entry.devDependencies, false, true);
  }
  add(entry.dependencies, false);
  add(entry.optionalDependencies, true);
  return [...needs].map(([name, need]) => ({ from: path, name, ...need, to: locate(packages, path, name) }));
}

/** What a dependency's text asks for, aliases (`npm:other@^1.0.0`) understood. */
export function toWanted(name: string, spec: string): Wanted {
  const alias = /^npm:(@?[^@]+)(?:@(.*))?$/.exec(spec);
  const range = alias === null ? spec : (alias[2] ?? "*");
  return {
    package: alias?.[1] ?? name,
    range: semver.validRange(range, { loose: true }) === null ? undefined : range,
  };
}

/** Whether a version will do for a dependency: npm's rule, by which a prerelease needs a range that names one. */
export function isAccepted(wanted: Wanted, version: string | undefined): boolean {
  const { range } = wanted;
  if (range === undefined || version === undefined || range.trim() === "" || range === "*") {
    return true;
  }
  return semver.satisfies(version, range, { loose: true });
}

/** A package as people read it. */
export function describePackage({ packages }: LockFile, path: string): string {
  const entry = packages.get(path) ?? {};
  if (path === "") {
    return entry.name ?? "the project";
  }
  return isInstalled(path) ? `${packageName(path, entry)}@${entry.version ?? "?"}` : path;
}

/** Where Node finds a package from a folder: in it, or in the folders above it; links are followed. */
function locate(packages: LockFile["packages"], from: string, name: string): string | undefined {
  let folder = from;
  for (;;) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    const entry = packages.get(path);
    if (entry?.link === true) {
      return entry.resolved ?? path;
    }
    if (entry !== undefined) {
      return path;
    }
    if (folder === "") {
      return undefined;
    }
    folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
  }
}
