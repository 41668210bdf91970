import { type Advisory, isAffected } from "./advisories.js";
import { type Dependency, listDependencies } from "./dependency-tree.js";
import type { LockFile } from "./lock-file.js";
import { compareSeverity, type Severity } from "./severity.js";

/** A version of a package that a project has, and an advisory that is about it. */
export interface Vulnerability {
  readonly advisory: Advisory;
  readonly dependency: Dependency;
}

/** What of a lock file advisories are about: the gravest first, then by score, package and version. */
export function findVulnerabilities(lock: LockFile, advisories: readonly Advisory[]): Vulnerability[] {
  return listDependencies(lock)
    .flatMap((dependency) =>
      advisories
        .filter((advisory) => advisory.package === dependency.name)
        .filter((advisory) => isAffected(advisory, dependency.version))
        .map((advisory) => ({ advisory, dependency })),
    )
    .sort(
      (one, other) =>
        compareSeverity(other.advisory.severity, one.advisory.severity) ||
        (other.advisory.score ?? 0) - (one.advisory.score ?? 0),
    );
}

/** Those that are at least as grave. */
export function atLeast(found: readonly Vulnerability[], severity: Severity): Vulnerability[] {
  return found.filter(({ advisory }) => compareSeverity(advisory.severity, severity) >= 0);
}

/** What tells a vulnerability from every other: the advisory, and the version that has it. */
export function keyOf({ advisory, dependency }: Vulnerability): string {
  return `${advisory.id} in ${dependency.name}@${dependency.version}`;
}
