import { reasonOf, type SearchProvider, SearchToolError } from "./search-tool-error.js";

/** Imports a package, or one of its entry points, by its name. */
export type PackageLoader = (name: string) => Promise<unknown>;

/** What the search tools take from outside; tests give others. */
export interface SearchToolDependencies {
  /** How packages are imported. @default the runtime's own import */
  readonly load?: PackageLoader;
  /** Where keys and addresses are looked up that the options do not give. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A class of an optional package. */
export interface OptionalClass {
  readonly provider: SearchProvider;
  /** The narrowest entry point that has it: the package's root imports what is not installed. */
  readonly entryPoint: string;
  readonly className: string;
  /** What npm installs for it, with the versions that were tested. */
  readonly packages: readonly string[];
}

/**
 * Imports a class when it is first needed. `Instance` says what is used of it; the packages' own types would make
 * every consumer's compiler ask for them.
 * @throws SearchToolError PACKAGE_MISSING, with the line that installs what is missing.
 */
export async function loadClass<Instance>(
  wanted: OptionalClass,
  load: PackageLoader = (name) => import(name),
): Promise<new (fields: object) => Instance> {
  let module: unknown;
  try {
    module = await load(wanted.entryPoint);
  } catch (cause) {
    throw packageMissing(wanted, cause);
  }
  const found: unknown = Reflect.get(Object(module), wanted.className);
  if (isClass<Instance>(found)) {
    return found;
  }
  throw packageMissing(wanted, new Error(`it has no ${wanted.className}`));
}

/** What is known of an imported class at run time is that it is a function; its instances are taken at their word. */
function isClass<Instance>(value: unknown): value is new (fields: object) => Instance {
  return typeof value === "function";
}

/** `@langchain/community` has peers that npm cannot bring together with zod 4, hence the flag. */
function packageMissing({ provider, entryPoint, packages }: OptionalClass, cause: unknown): SearchToolError {
  const flag = entryPoint.startsWith("@langchain/community") ? "--legacy-peer-deps " : "";
  const what = `${entryPoint} cannot be imported (${reasonOf(cause)}). Install what it needs: npm install ${flag}${packages.join(" ")}`;
  return new SearchToolError("PACKAGE_MISSING", provider, what, { cause });
}
