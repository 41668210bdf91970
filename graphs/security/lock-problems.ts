import { allEdges, describePackage, type Edge, isAccepted, toWanted } from "./dependency-edges.js";
import { neededPaths } from "./dependency-tree.js";
import { isInstalled, packageName } from "./lock-file.js";
import { DEPENDENCY_KINDS, type ProjectFiles } from "./project-files.js";

/** Something in which a lock file is not consistent. */
export interface LockProblem {
  readonly message: string;
  /** The need that is not met, where it is one. */
  readonly edge?: Edge;
}

/** All in which a project's lock file is not consistent, with itself and with package.json. */
export function findLockProblems({ lock, ranges, overrides }: ProjectFiles): LockProblem[] {
  const root = lock.packages.get("") ?? {};
  const unlike = DEPENDENCY_KINDS.flatMap((kind): LockProblem[] =>
    sameRanges(ranges[kind], root[kind])
      ? []
      : [{ message: `package.json and the lock file do not name the same ${kind}` }],
  );
  const unmet = allEdges(lock).flatMap((declared): LockProblem[] => {
    const spec = isInstalled(declared.from) ? overrides.get(declared.name) : undefined;
    const edge = spec === undefined ? declared : { ...declared, spec };
    const entry = edge.to === undefined ? undefined : lock.packages.get(edge.to);
    const who = describePackage(lock, edge.from);
    const wants = `${who} wants ${edge.name} ${edge.spec}`;
    if (edge.to === undefined) {
      return edge.mayBeMissing ? [] : [{ message: `${wants}, and none is installed`, edge }];
    }
    const wanted = toWanted(edge.name, edge.spec);
    if (entry === undefined) {
      return [{ message: `${wants}, and ${edge.to} is not in the lock file`, edge }];
    }
    if (
      isInstalled(edge.to) &&
      wanted.range !== undefined &&
      packageName(edge.to, entry) !== wanted.package
    ) {
      return [{ message: `${wants}, and gets ${describePackage(lock, edge.to)}`, edge }];
    }
    return isAccepted(wanted, entry.version)
      ? []
      : [{ message: `${wants}, and gets ${entry.version ?? "no version"}`, edge }];
  });
  const needed = neededPaths(lock);
  const extraneous = [...lock.packages].flatMap(([path, entry]): LockProblem[] =>
    entry.link === true || needed.has(path) ? [] : [{ message: `nothing needs ${path}` }],
  );
  return [...unlike, ...unmet, ...extraneous];
}

function sameRanges(
  one: Readonly<Record<string, string>> = {},
  other: Readonly<Record<string, string>> = {},
) {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
