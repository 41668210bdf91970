import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Advisory, readAdvisories } from "./advisories.js";
import { type Registry, readRegistry } from "./registry.js";
import { sha256 } from "./trail.js";

/** The file of advisories where no other is named. */
export const ADVISORY_FILE = "advisories.json";

const REGISTRY_FILE = "registry.json";
const NAME = /^[\w@][\w@.-]*$/;

/** What an audit reads: projects, advisories and the registry, out of one folder. Nothing in it is ever written. */
export interface Sources {
  /** The names of the projects that there are; none where the folder cannot be read. */
  projects(): readonly string[];
  /** The folder of a project; without a name that of the only one. Throws where there is none. */
  findProject(name: string | undefined): { readonly name: string; readonly folder: string };
  advisories(file: string): readonly Advisory[];
  registry(): Registry;
  /** SHA-256 of the advisories and the registry. */
  hashes(advisoryFile: string): Record<string, string>;
}

/** The sources in a folder: `projects/<name>/`, `advisories.json`, `registry.json`. */
export function openSources(data: string): Sources {
  const folder = join(data, "projects");
  const projects = () =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true })
          .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
          .map(({ name }) => name)
          .sort()
      : [];
  return {
    projects,
    findProject(name) {
      const names = projects();
      const [only, ...others] = names;
      const found = name === undefined && others.length === 0 ? only : names.find((known) => known === name);
      if (found !== undefined) {
        return { name: found, folder: join(folder, found) };
      }
      const there = names.length === 0 ? "there are none" : `there are ${names.join(", ")}`;
      const what = name === undefined ? "Name the project" : `There is no project "${name}"`;
      throw new Error(`${what}: in ${folder} ${there}.`);
    },
    advisories: (file) => readAdvisories(readSource(data, file), join(data, file)),
    registry: () => readRegistry(readSource(data, REGISTRY_FILE), join(data, REGISTRY_FILE)),
    hashes: (file) =>
      Object.fromEntries([file, REGISTRY_FILE].map((source) => [source, sha256(readSource(data, source))])),
  };
}

function readSource(data: string, file: string): string {
  if (!NAME.test(file)) {
    throw new Error(`"${file}" is no name of a file in ${data}.`);
  }
  try {
    return readFileSync(join(data, file), "utf8");
  } catch (cause) {
    const there = existsSync(data) ? readdirSync(data).filter((name) => name.endsWith(".json")) : [];
    throw new Error(`There is no ${file} in ${data}: there are ${there.join(", ") || "no JSON files"}.`, {
      cause,
    });
  }
}
