import { z } from "zod";
import { fromJson, type JsonFormat, toJsonText } from "./json-file.js";
import { legacyTree } from "./legacy-tree.js";
import { entrySchema, type LockEntry } from "./lock-entry.js";

const lockSchema = z.looseObject({
  lockfileVersion: z.int(),
  packages: z.record(z.string(), z.unknown()).optional(),
});

/** A package-lock.json of npm 7 or later, by the paths at which packages are installed; "" is the project. */
export interface LockFile {
  readonly packages: ReadonlyMap<string, LockEntry>;
  /** All of the file, as it was read. */
  readonly document: Readonly<Record<string, unknown>>;
  readonly format: JsonFormat;
}

/** Reads a lock file; throws an error that names the file and what is wrong in it. */
export function readLockFile(text: string, file: string): LockFile {
  const { value, format } = fromJson(text, file);
  const lock = lockSchema.safeParse(value);
  if (!lock.success) {
    throw new Error(`${file} is no lock file of npm:\n${z.prettifyError(lock.error)}`);
  }
  const { lockfileVersion, packages } = lock.data;
  if (![2, 3].includes(lockfileVersion) || packages === undefined) {
    throw new Error(
      `${file} has lockfileVersion ${lockfileVersion}; 2 and 3 are understood. Write it anew with npm 7 or later: npm install --package-lock-only`,
    );
  }
  const entries = Object.entries(packages).map(([path, entry]): [string, LockEntry] => {
    assertEntry(entry, path, file);
    return [path, entry];
  });
  const map = new Map(entries);
  if (!map.has("")) {
    throw new Error(`${file} has no entry "" in packages: the project itself is missing.`);
  }
  return { packages: map, document: z.record(z.string(), z.unknown()).parse(value), format };
}

/** The text of a lock file: as it was read, but for its packages, and for what version 2 repeats of them. */
export function toLockText({ packages, document, format }: LockFile): string {
  const sorted = [...packages].sort(([one], [other]) => one.localeCompare(other, "en"));
  const written: Record<string, unknown> = { ...document, packages: Object.fromEntries(sorted) };
  if (document.lockfileVersion === 2) {
    written.dependencies = legacyTree(packages);
  }
  return toJsonText(written, format);
}

/** What the package that is installed at a path is called in the registry. */
export function packageName(path: string, entry: LockEntry): string {
  const mark = "node_modules/";
  return entry.name ?? path.slice(path.lastIndexOf(mark) + mark.length);
}

/** Whether a path is one of npm's own making: what is not is the project, or a folder of it (a workspace). */
export function isInstalled(path: string): boolean {
  return /(^|\/)node_modules\//.test(path);
}

/** The entry is left as it is: zod would hand back a copy with its keys in another order. */
function assertEntry(entry: unknown, path: string, file: string): asserts entry is LockEntry {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) {
    throw new Error(`${file}: the entry "${path}" of packages is broken:\n${z.prettifyError(parsed.error)}`);
  }
}
