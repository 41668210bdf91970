import type { Advisory } from "./advisories.js";
import { isInstalled, packageName } from "./lock-file.js";
import { findLockProblems } from "./lock-problems.js";
import { changesOf, type Patch } from "./patch.js";
import type { ProjectFiles } from "./project-files.js";
import type { Registry } from "./registry.js";
import { findVulnerabilities, keyOf } from "./vulnerabilities.js";

/** What patches are verified against. */
export interface Grounds {
  readonly advisories: readonly Advisory[];
  readonly registry: Registry;
}

/** What is wrong with a patched project, given what it was before; nothing where the patch holds. */
export function findFaults(
  before: ProjectFiles,
  after: ProjectFiles,
  patch: Patch,
  grounds: Grounds,
): string[] {
  const known = new Set(findLockProblems(before).map(({ message }) => message));
  const problems = findLockProblems(after).flatMap(({ message }) => (known.has(message) ? [] : [message]));
  return [
    ...problems,
    ...unknownReleases(before, after, grounds.registry),
    ...changesOf(patch).flatMap((change) =>
      isThere(after, change.package, change.from) ? [`${change.package}@${change.from} is still there`] : [],
    ),
    ...newVulnerabilities(before, after, grounds.advisories),
  ];
}

/** What was changed must be what the registry has: the version, and what it depends on. */
function unknownReleases(before: ProjectFiles, after: ProjectFiles, registry: Registry): string[] {
  return [...after.lock.packages].flatMap(([path, entry]) => {
    const old = before.lock.packages.get(path);
    if (!isInstalled(path) || entry.link === true || old?.version === entry.version) {
      return [];
    }
    const name = packageName(path, entry);
    const release = registry.find(name, entry.version ?? "");
    if (release === undefined) {
      return [`the registry has no ${name}@${entry.version ?? "?"}`];
    }
    return sameText(release.dependencies, entry.dependencies)
      ? []
      : [`${name}@${entry.version} has other dependencies in the registry than in the lock file`];
  });
}

function newVulnerabilities(
  before: ProjectFiles,
  after: ProjectFiles,
  advisories: readonly Advisory[],
): string[] {
  const known = new Set(findVulnerabilities(before.lock, advisories).map(keyOf));
  return findVulnerabilities(after.lock, advisories)
    .filter((found) => !known.has(keyOf(found)))
    .map(({ advisory, dependency }) => {
      const chain = dependency.why.join(" > ");
      return `it brings in ${advisory.id} (${advisory.severity}: ${advisory.title}) with ${chain}`;
    });
}

function isThere({ lock }: ProjectFiles, name: string, version: string): boolean {
  return [...lock.packages].some(
    ([path, entry]) => isInstalled(path) && entry.version === version && packageName(path, entry) === name,
  );
}

function sameText(one: Readonly<Record<string, string>> = {}, other: Readonly<Record<string, string>> = {}) {
  const sorted = (ranges: object) => JSON.stringify(Object.entries(ranges).sort());
  return sorted(one) === sorted(other);
}
