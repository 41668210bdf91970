import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { fromJson, type JsonFormat, toJsonText } from "./json-file.js";
import { type LockFile, readLockFile, toLockText } from "./lock-file.js";

/** The kinds of dependencies that package.json and the lock file's entry of the project both name. */
export const DEPENDENCY_KINDS = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
] as const;

/** The files of a project that a patch changes. */
export const PATCHED_FILES = ["package.json", "package-lock.json"] as const;

const rangesSchema = z.record(z.string(), z.string()).optional();

const manifestSchema = z.looseObject({
  name: z.string().optional(),
  dependencies: rangesSchema,
  devDependencies: rangesSchema,
  optionalDependencies: rangesSchema,
  peerDependencies: rangesSchema,
  overrides: z.record(z.string(), z.unknown()).optional(),
});

/** What a project's package.json says of its dependencies. */
export type Ranges = Pick<z.infer<typeof manifestSchema>, (typeof DEPENDENCY_KINDS)[number]>;

/** package.json and package-lock.json of one project, read. */
export interface ProjectFiles {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly ranges: Ranges;
  /** The versions that every package has to take of a package, whatever it declares itself. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly format: JsonFormat;
  readonly lock: LockFile;
}

/** Reads a project's package.json and lock file; throws an error that says which is missing or broken. */
export function readProject(folder: string): ProjectFiles {
  const [manifestFile, lockFile] = PATCHED_FILES.map((file) => join(folder, file));
  if (manifestFile === undefined || lockFile === undefined) {
    throw new Error("No file is named.");
  }
  return parseProject(read(manifestFile), read(lockFile), folder);
}

/** The same of texts that were read before. */
export function parseProject(manifestText: string, lockText: string, folder: string): ProjectFiles {
  const manifestFile = join(folder, "package.json");
  const { value, format } = fromJson(manifestText, manifestFile);
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    throw new Error(`${manifestFile} is broken:\n${z.prettifyError(parsed.error)}`);
  }
  const { overrides, ...ranges } = parsed.data;
  const manifest = z.record(z.string(), z.unknown()).parse(value);
  const lock = readLockFile(lockText, join(folder, "package-lock.json"));
  return { manifest, ranges, overrides: readOverrides(overrides, ranges, manifestFile), format, lock };
}

/** Overrides for some dependents alone are not understood: what they would let pass could not be verified. */
function readOverrides(overrides: Readonly<Record<string, unknown>> = {}, ranges: Ranges, file: string) {
  const entries = Object.entries(overrides).map(([name, spec]): [string, string] => {
    if (typeof spec !== "string" || name.indexOf("@", 1) > 0) {
      throw new Error(
        `${file}: the override of ${name} is for some packages alone, which is not understood here.`,
      );
    }
    const named = spec.startsWith("$") ? spec.slice(1) : undefined;
    const own = DEPENDENCY_KINDS.flatMap((kind) => ranges[kind]?.[named ?? ""] ?? []);
    return [name, named === undefined ? spec : (own[0] ?? "*")];
  });
  return new Map(entries);
}

/** The texts of both files. */
export function toTexts({ manifest, format, lock }: ProjectFiles): Readonly<Record<string, string>> {
  return { "package.json": toJsonText(manifest, format), "package-lock.json": toLockText(lock) };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`${file} cannot be read: a project needs a package.json and a package-lock.json.`, {
      cause,
    });
  }
}
