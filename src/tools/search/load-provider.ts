import {
  importPackage,
  installCommand,
  type OptionalPackage,
  type PackageLoader,
  wrongVersion,
} from "../../langgraph/index.js";
import { reasonOf, type SearchProvider, SearchToolError } from "./search-tool-error.js";

/** What the search tools need from outside. Tests pass their own. */
export interface SearchToolDependencies {
  /** Imports packages. @default the runtime's own import */
  readonly load?: PackageLoader;
  /** Supplies the keys and addresses that the options leave out. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A class of an optional package. */
export interface OptionalClass {
  readonly provider: SearchProvider;
  /**
   * The narrowest entry point that exports the class, because the package's root imports packages that are
   * not installed.
   */
  readonly entryPoint: string;
  readonly className: string;
  /** The packages that it needs. */
  readonly packages: readonly OptionalPackage[];
}

/**
 * Imports a class when it is first needed. `Instance` declares the part that we use: with the packages' own
 * types, every consumer's compiler would need those packages.
 * @throws SearchToolError PACKAGE_MISSING, with the command that installs what is missing.
 */
export async function loadClass<Instance>(
  wanted: OptionalClass,
  load: PackageLoader = importPackage,
): Promise<new (fields: object) => Instance> {
  for (const name of wanted.packages) {
    const wrong = wrongVersion(name);
    if (wrong !== undefined) {
      throw packageMissing(wanted, new Error(`${name} ${wrong}`));
    }
  }
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

/** At run time we can only check that an imported class is a function. We trust the type of its instances. */
function isClass<Instance>(value: unknown): value is new (fields: object) => Instance {
  return typeof value === "function";
}

function packageMissing({ provider, entryPoint, packages }: OptionalClass, cause: unknown): SearchToolError {
  const what = `${entryPoint} cannot be imported (${reasonOf(cause)}). Install what it needs: ${installCommand(packages)}`;
  return new SearchToolError("PACKAGE_MISSING", provider, what, { cause });
}
