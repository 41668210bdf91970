// What only code can say, a function or an instance, comes from a module: `{ module: ./tools.ts, export: name }`.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { createNearestName, describeError, isRecord } from "../base/index.js";
import type { Path, YamlSource } from "./yaml-source.js";

/** The parts of a file in which such an object may be data: the arguments of a saved plan's step. */
const DATA = new Set(["plans"]);
const KEYS = new Set(["module", "export"]);

/** Data in which each place of a module is what the module exports. */
export interface WithModules {
  readonly data: unknown;
  /** The modules that were loaded: absolute paths. */
  readonly modules: readonly string[];
}

/** Puts what modules export into the places that name it. What cannot be loaded is a problem. */
export async function loadModules(data: unknown, folder: string, source: YamlSource): Promise<WithModules> {
  const modules: string[] = [];
  const load = async (value: unknown, path: Path): Promise<unknown> => {
    if (Array.isArray(value)) {
      return Promise.all(value.map((item, index) => load(item, [...path, index])));
    }
    if (!isRecord(value)) {
      return value;
    }
    if (isPlace(value)) {
      const file = resolve(folder, value.module);
      modules.push(file);
      const at = { module: [...path, "module"], export: [...path, "export"] };
      return loadExports(file, value.export ?? "default", source, at);
    }
    const entries = Object.entries(value).map(async ([key, inner]): Promise<[string, unknown]> => {
      const isData = path.length === 0 && DATA.has(key);
      return [key, isData ? inner : await load(inner, [...path, key])];
    });
    return Object.fromEntries(await Promise.all(entries));
  };
  return { data: await load(data, []), modules };
}

/** Loads exports of a module. What cannot be loaded is undefined, and a problem at one of the places that name it. */
export async function loadExports(
  file: string,
  names: string | readonly string[],
  source: YamlSource,
  at: { readonly module: Path; readonly export: Path },
): Promise<unknown> {
  if (!existsSync(file)) {
    source.add(at.module, `there is no file ${file}`);
    return undefined;
  }
  let loaded: object;
  try {
    loaded = await importFile(file);
  } catch (error) {
    source.add(at.module, `${file} cannot be loaded: ${describeError(error)}${adviceFor(file)}`);
    return undefined;
  }
  const read = (name: string) => {
    const value: unknown = Reflect.get(loaded, name);
    if (value === undefined) {
      const there = Object.keys(loaded);
      const meant = createNearestName()(name, there);
      const advice =
        meant === undefined ? `it exports ${there.join(", ") || "nothing"}` : `did you mean ${meant}?`;
      source.add(at.export, `${file} exports no ${name}; ${advice}`);
    }
    return value;
  };
  return typeof names === "string" ? read(names) : names.map(read);
}

function isPlace(
  value: Record<string, unknown>,
): value is { readonly module: string; readonly export?: string | readonly string[] } {
  const { module, export: names } = value;
  const areNames = names === undefined || [names].flat().every((name) => typeof name === "string");
  return typeof module === "string" && areNames && Object.keys(value).every((key) => KEYS.has(key));
}

/** In our CommonJS build an import is a require(), which takes a path. */
async function importFile(file: string): Promise<object> {
  const specifier = import.meta.url.startsWith("file:") ? pathToFileURL(file).href : file;
  const loaded: object = await import(specifier);
  return loaded;
}

function adviceFor(file: string): string {
  return file.endsWith(".ts") ? ". To load TypeScript, run with tsx, or with Node 22.18 or later" : "";
}
