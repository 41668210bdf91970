import semver from "semver";
import { z } from "zod";
import { fromJson } from "./json-file.js";

const rangesSchema = z.record(z.string(), z.string()).optional();

const releaseSchema = z.strictObject({
  dependencies: rangesSchema,
  optionalDependencies: rangesSchema,
  peerDependencies: rangesSchema,
  resolved: z.string().optional(),
  integrity: z.string().optional(),
});

const registrySchema = z.object({
  packages: z.record(z.string(), z.record(z.string(), releaseSchema)),
});

/** One version of a package, as the registry knows it. */
export type Release = z.infer<typeof releaseSchema>;

/** What can be installed: a local file in the place of npm's registry. */
export interface Registry {
  /** The versions of a package, the lowest first; none where it is not known. */
  versionsOf(name: string): readonly string[];
  /** A version; undefined where the registry does not know it. */
  find(name: string, version: string): Release | undefined;
}

/** Reads a registry file; throws an error that names the file and what is wrong in it. */
export function readRegistry(text: string, file: string): Registry {
  const parsed = registrySchema.safeParse(fromJson(text, file).value);
  if (!parsed.success) {
    throw new Error(`${file} is no registry file:\n${z.prettifyError(parsed.error)}`);
  }
  const packages = new Map(
    Object.entries(parsed.data.packages).map(([name, releases]): [string, Map<string, Release>] => {
      const broken = Object.keys(releases).filter((version) => semver.valid(version) === null);
      if (broken.length > 0) {
        throw new Error(`${file}: ${name} has versions that are none: ${broken.join(", ")}.`);
      }
      return [name, new Map(Object.entries(releases))];
    }),
  );
  return {
    versionsOf: (name) => semver.sort([...(packages.get(name)?.keys() ?? [])]),
    find: (name, version) => packages.get(name)?.get(version),
  };
}
