import type { LockEntry } from "./lock-entry.js";

interface Branch {
  entry: LockEntry | undefined;
  readonly children: Map<string, Branch>;
}

const KEPT = ["dev", "optional", "devOptional", "peer", "inBundle"] as const;

/** The tree `dependencies` of lock files of version 2, which npm 6 reads: the same packages, one in another. */
export function legacyTree(packages: ReadonlyMap<string, LockEntry>): Record<string, unknown> {
  const root: Branch = { entry: undefined, children: new Map() };
  for (const [path, entry] of packages) {
    if (!path.startsWith("node_modules/")) {
      continue;
    }
    const names = path.slice("node_modules/".length).split("/node_modules/");
    let branch = root;
    for (const name of names) {
      const child = branch.children.get(name) ?? { entry: undefined, children: new Map() };
      branch.children.set(name, child);
      branch = child;
    }
    branch.entry = entry;
  }
  return toTree(root, packages);
}

function toTree({ children }: Branch, packages: ReadonlyMap<string, LockEntry>): Record<string, unknown> {
  const sorted = [...children].sort(([one], [other]) => one.localeCompare(other, "en"));
  return Object.fromEntries(sorted.map(([name, child]) => [name, toNode(child, packages)]));
}

function toNode(branch: Branch, packages: ReadonlyMap<string, LockEntry>): Record<string, unknown> {
  const entry = branch.entry ?? {};
  const target = entry.link === true ? packages.get(entry.resolved ?? "") : undefined;
  const needs = {
    ...(target ?? entry).dependencies,
    ...(target ?? entry).optionalDependencies,
    ...(target === undefined ? {} : target.devDependencies),
  };
  const node: Record<string, unknown> = { version: versionOf(entry) };
  for (const key of ["resolved", "integrity"]) {
    if (entry.link !== true && entry[key] !== undefined) {
      node[key] = entry[key];
    }
  }
  for (const key of KEPT) {
    if (entry[key] === true) {
      node[key === "inBundle" ? "bundled" : key] = true;
    }
  }
  const names = Object.keys(needs).sort((one, other) => one.localeCompare(other, "en"));
  if (names.length > 0) {
    node.requires = Object.fromEntries(names.map((name) => [name, needs[name]]));
  }
  if (branch.children.size > 0) {
    node.dependencies = toTree(branch, packages);
  }
  return node;
}

function versionOf(entry: LockEntry): string | undefined {
  if (entry.link === true) {
    return `file:${entry.resolved ?? ""}`;
  }
  return entry.name === undefined ? entry.version : `npm:${entry.name}@${entry.version ?? ""}`;
}
