import semver from "semver";
import { type Advisory, isAffected, isPatched } from "./advisories.js";
import { pathsOf } from "./change-lock.js";
import { allEdges, type Edge, isAccepted, toWanted } from "./dependency-edges.js";
import { isInstalled, packageName } from "./lock-file.js";
import { type Change, labelOf, type Patch } from "./patch.js";
import type { ProjectFiles } from "./project-files.js";
import type { Grounds } from "./verify.js";
import type { Vulnerability } from "./vulnerabilities.js";

/** How many packages are upgraded one behind the other so that one of them can be patched. */
const MAX_CHAIN = 6;

/** A patch that the verification refused, and why. */
export interface RefusedPatch {
  readonly patch: Patch;
  readonly problems: readonly string[];
}

/** What is to be done about one vulnerable version of a package: a patch, or why there is none. */
export type Proposal =
  | { readonly kind: "patch"; readonly patch: Patch }
  | { readonly kind: "none"; readonly reason: string };

/**
 * What to do about one vulnerable version of a package. At first it is what the advisories say: the lowest version
 * that they are patched in. Whether the project can take it is for the verification to say; what that refused is not
 * proposed again, and then the ways are looked at that the project's own packages leave open.
 */
export function proposePatch(
  found: readonly Vulnerability[],
  refused: readonly RefusedPatch[],
  project: ProjectFiles,
  grounds: Grounds,
): Proposal {
  const [{ dependency } = { dependency: undefined }] = found;
  if (dependency === undefined) {
    return { kind: "none", reason: "No advisory is about it." };
  }
  const { name, version: from } = dependency;
  const advisories = found.map(({ advisory }) => advisory);
  const unpatched = advisories.filter(({ patched }) => patched.length === 0).map(({ id }) => id);
  if (unpatched.length > 0) {
    return { kind: "none", reason: `${unpatched.join(", ")} names no patched version.` };
  }
  const safe = safeVersions(name, from, advisories, grounds);
  if (safe.length === 0) {
    return { kind: "none", reason: `The registry has no patched version of ${name} above ${from}.` };
  }
  const toPatch = (to: string, together: readonly Change[]): Patch => ({
    package: name,
    from,
    to,
    together: [...together],
    resolves: advisories.map(({ id }) => id),
  });
  const [first = ""] = safe;
  if (refused.length === 0) {
    return { kind: "patch", patch: toPatch(first, []) };
  }
  const tried = new Set(refused.map(({ patch }) => labelOf(patch)));
  const ways = safe.flatMap((to) => {
    const together = upgradesFor({ package: name, from, to }, project, grounds, MAX_CHAIN);
    return together === undefined ? [] : [toPatch(to, together)];
  });
  // The fewer packages have to change with it, the better; among equals the lowest version.
  const [best] = ways
    .filter((patch) => !tried.has(labelOf(patch)))
    .sort((one, other) => one.together.length - other.together.length);
  return best === undefined ? { kind: "none", reason: noWay(safe, refused) } : { kind: "patch", patch: best };
}

/** Versions above the installed one that are patched and that no advisory is about, the lowest first. */
function safeVersions(
  name: string,
  from: string,
  advisories: readonly Advisory[],
  grounds: Grounds,
): string[] {
  const isKnown = (version: string) =>
    grounds.advisories.some((advisory) => advisory.package === name && isAffected(advisory, version));
  return newerVersions(name, from, grounds)
    .filter((version) => advisories.every((advisory) => isPatched(advisory, version)))
    .filter((version) => !isKnown(version));
}

/** Prereleases are proposed only to who has one already. */
function newerVersions(name: string, from: string, { registry }: Grounds): string[] {
  const takesPrereleases = semver.prerelease(from, { loose: true }) !== null;
  return registry
    .versionsOf(name)
    .filter((version) => semver.gt(version, from, { loose: true }))
    .filter((version) => takesPrereleases || semver.prerelease(version) === null);
}

/**
 * The upgrades without which packages of the project would not accept a change; undefined where there are none that
 * help. The project itself accepts everything: its own package.json can be changed.
 */
function upgradesFor(
  change: Change,
  project: ProjectFiles,
  grounds: Grounds,
  depth: number,
): readonly Change[] | undefined {
  const paths = new Set(pathsOf(project, change.package, change.from));
  const refusing = allEdges(project.lock).filter(
    (edge) => edge.from !== "" && paths.has(edge.to ?? "") && !accepts(edge, change, project),
  );
  const upgrades = new Map<string, Change>();
  for (const { from: path } of refusing) {
    const entry = project.lock.packages.get(path);
    if (entry?.version === undefined || !isInstalled(path) || depth === 0) {
      return undefined;
    }
    const dependent = { package: packageName(path, entry), from: entry.version };
    const key = `${dependent.package}@${dependent.from}`;
    if (upgrades.has(key)) {
      continue;
    }
    const way = upgradeDependent(dependent, change, project, grounds, depth - 1);
    if (way === undefined) {
      return undefined;
    }
    for (const upgrade of way) {
      upgrades.set(`${upgrade.package}@${upgrade.from}`, upgrade);
    }
  }
  return [...upgrades.values()];
}

function upgradeDependent(
  dependent: Omit<Change, "to">,
  change: Change,
  project: ProjectFiles,
  grounds: Grounds,
  depth: number,
): readonly Change[] | undefined {
  const affected = (version: string) =>
    grounds.advisories.some(
      (advisory) => advisory.package === dependent.package && isAffected(advisory, version),
    );
  for (const to of newerVersions(dependent.package, dependent.from, grounds)) {
    const release = grounds.registry.find(dependent.package, to);
    const spec = release?.dependencies?.[change.package] ?? release?.optionalDependencies?.[change.package];
    const takesIt = spec === undefined || isAccepted(toWanted(change.package, spec), change.to);
    if (!takesIt || affected(to)) {
      continue;
    }
    const upgrade = { ...dependent, to };
    const more = upgradesFor(upgrade, project, grounds, depth);
    if (more !== undefined) {
      return [upgrade, ...more];
    }
  }
  return undefined;
}

function accepts(edge: Edge, change: Change, { overrides }: ProjectFiles): boolean {
  return isAccepted(toWanted(edge.name, overrides.get(edge.name) ?? edge.spec), change.to);
}

function noWay(safe: readonly string[], refused: readonly RefusedPatch[]): string {
  const reasons = refused.map(({ patch, problems }) => `${labelOf(patch)}: ${problems.join("; ")}`);
  return `No patched version (${safe.join(", ")}) can be used. Refused were ${reasons.join(". ")}.`;
}
