import semver from "semver";
import { type Edge, isAccepted, toWanted } from "./dependency-edges.js";
import { neededPaths, plainlyNeededPaths } from "./dependency-tree.js";
import type { LockEntry } from "./lock-entry.js";
import { isInstalled, packageName } from "./lock-file.js";
import { findLockProblems } from "./lock-problems.js";
import type { Change } from "./patch.js";
import { DEPENDENCY_KINDS, type ProjectFiles, type Ranges } from "./project-files.js";
import type { Registry, Release } from "./registry.js";

/** That a change cannot be made: the registry has not got what it takes. */
export class UnpatchableError extends Error {}

/** More than any patch brings in; beyond it the packages ask for each other in a circle. */
const MAX_INSTALLED = 500;

/** Where a version of a package is installed. */
export function pathsOf({ lock }: ProjectFiles, name: string, version: string): string[] {
  return [...lock.packages].flatMap(([path, entry]) =>
    isInstalled(path) && entry.version === version && packageName(path, entry) === name ? [path] : [],
  );
}

/**
 * The project with other versions in it. What they need is brought in, what nobody needs any more goes. Packages that
 * do not accept the new versions are left as they are: that is for the verification to find.
 */
export function changeProject(
  before: ProjectFiles,
  changes: readonly Change[],
  registry: Registry,
): ProjectFiles {
  const packages = new Map(before.lock.packages);
  const replaced = new Set<string>();
  for (const { package: name, from, to } of changes) {
    const release = registry.find(name, to);
    if (release === undefined) {
      throw new UnpatchableError(unknownVersion(name, to, registry));
    }
    for (const path of pathsOf(before, name, from)) {
      packages.set(path, toEntry(to, release, packages.get(path) ?? {}));
      replaced.add(path);
    }
  }
  const widened = widenRanges({ ...before, lock: { ...before.lock, packages } }, replaced);
  const known = new Set(findLockProblems(before).map(({ message }) => message));
  const needed = neededPaths(before.lock);
  const settled = bringIn(
    widened,
    registry,
    ({ message, edge }) =>
      edge === undefined || known.has(message) || (edge.to !== undefined && replaced.has(edge.to)),
  );
  // What was there unneeded before is not the patch's to take away.
  return prune(settled, (path) => needed.has(path) || !before.lock.packages.has(path));
}

type Unmet = ReturnType<typeof findLockProblems>[number];

/** Installs what is needed and not there, until nothing is missing: at the top where there is room, else where it is needed. */
function bringIn(
  project: ProjectFiles,
  registry: Registry,
  isLeft: (problem: Unmet) => boolean,
): ProjectFiles {
  const packages = new Map(project.lock.packages);
  const current = { ...project, lock: { ...project.lock, packages } };
  for (let count = 0; count < MAX_INSTALLED; count += 1) {
    const edge = findLockProblems(current).find((problem) => !isLeft(problem))?.edge;
    if (edge === undefined) {
      return current;
    }
    const own = `${edge.from}/node_modules/${edge.name}`;
    packages.set(
      edge.to === undefined ? `node_modules/${edge.name}` : own,
      install(edge, packages, registry),
    );
  }
  throw new UnpatchableError(
    `More than ${MAX_INSTALLED} packages would have to be installed: they need each other without an end.`,
  );
}

function install(
  { from, name, spec }: Edge,
  packages: ReadonlyMap<string, LockEntry>,
  registry: Registry,
): LockEntry {
  const wanted = toWanted(name, spec);
  const version = registry
    .versionsOf(wanted.package)
    .filter((candidate) => isAccepted(wanted, candidate))
    .at(-1);
  const release = version === undefined ? undefined : registry.find(wanted.package, version);
  const needer = packages.get(from) ?? {};
  if (version === undefined || release === undefined) {
    throw new UnpatchableError(
      `${packageName(from, needer)}@${needer.version ?? "?"} needs ${name} ${spec}, and the registry has no such version of ${wanted.package}.`,
    );
  }
  const { dev, optional, devOptional } = needer;
  const alias = wanted.package === name ? undefined : wanted.package;
  return toEntry(version, release, withoutUndefined({ name: alias, dev, optional, devOptional }));
}

/** Of the entry before it keeps why it is there, not what it is. */
function toEntry(version: string, release: Release, before: LockEntry): LockEntry {
  const { resolved, integrity } = release;
  const { name, dev, optional, devOptional, peer } = before;
  const needs = {
    dependencies: sorted(release.dependencies),
    optionalDependencies: sorted(release.optionalDependencies),
    peerDependencies: sorted(release.peerDependencies),
  };
  return withoutUndefined({ name, version, resolved, integrity, dev, optional, devOptional, peer, ...needs });
}

/** A range of package.json that does not accept a new version is moved to it; its kind (^, ~, exact) stays. */
function widenRanges(project: ProjectFiles, replaced: ReadonlySet<string>): ProjectFiles {
  const { lock, ranges } = project;
  const root: LockEntry = { ...lock.packages.get("") };
  const manifest: Record<string, unknown> = { ...project.manifest };
  const moved: { -readonly [Kind in keyof Ranges]: Ranges[Kind] } = { ...ranges };
  for (const kind of DEPENDENCY_KINDS) {
    const moves = Object.entries(ranges[kind] ?? {}).flatMap(([name, spec]): [string, string][] => {
      const path = `node_modules/${name}`;
      const version = lock.packages.get(path)?.version;
      const wanted = toWanted(name, spec);
      if (version === undefined || !replaced.has(path) || isAccepted(wanted, version)) {
        return [];
      }
      return [[name, moveRange(spec, wanted.range ?? "", version)]];
    });
    if (moves.length === 0) {
      continue;
    }
    moved[kind] = { ...ranges[kind], ...Object.fromEntries(moves) };
    manifest[kind] = moved[kind];
    root[kind] = { ...root[kind], ...Object.fromEntries(moves) };
  }
  const packages = new Map(lock.packages).set("", root);
  return { ...project, manifest, ranges: moved, lock: { ...lock, packages } };
}

function moveRange(spec: string, range: string, version: string): string {
  const kind = /^[~^]/.exec(range.trim())?.[0] ?? (semver.valid(range) === null ? "^" : "");
  return `${spec.slice(0, spec.length - range.length)}${kind}${version}`;
}

/** Takes away what nobody needs any more; what was for development alone and is needed now is no longer marked so. */
function prune(project: ProjectFiles, mayGo: (path: string) => boolean): ProjectFiles {
  const needed = neededPaths(project.lock);
  const plain = plainlyNeededPaths(project.lock);
  const kept = [...project.lock.packages].flatMap(([path, entry]): [string, LockEntry][] => {
    if (!needed.has(path) && entry.link !== true && mayGo(path)) {
      return [];
    }
    if (!plain.has(path) || entry.dev !== true) {
      return [[path, entry]];
    }
    const { dev: _, ...unmarked } = entry;
    return [[path, unmarked]];
  });
  return { ...project, lock: { ...project.lock, packages: new Map(kept) } };
}

function unknownVersion(name: string, version: string, registry: Registry): string {
  const versions = registry.versionsOf(name);
  const known = versions.length === 0 ? "it does not know the package" : `it has ${versions.join(", ")}`;
  return `The registry has no ${name}@${version}: ${known}.`;
}

/** As npm writes them. */
function sorted(ranges: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined {
  if (ranges === undefined) {
    return undefined;
  }
  return Object.fromEntries(Object.entries(ranges).sort(([one], [other]) => one.localeCompare(other, "en")));
}

function withoutUndefined(entry: LockEntry): LockEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined));
}
