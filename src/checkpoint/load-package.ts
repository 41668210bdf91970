import { CheckpointerError, reasonOf } from "./checkpointer-error.js";

/** Imports a package by name. */
export type PackageLoader = (name: string) => Promise<unknown>;

/**
 * An optional package in the version that was tested. `entry` is the subpath to import, if it is not the
 * package's root.
 */
export interface OptionalPackage {
  readonly name: string;
  readonly version: string;
  readonly entry?: string;
}

/** Imports a package with the runtime's own import. */
export const importPackage: PackageLoader = (name) => import(name);

/**
 * Imports an optional package and checks that it has what we use.
 * @throws CheckpointerError PACKAGE_MISSING if it is missing, fails to load, or is an altogether different version.
 */
export async function loadOptionalPackage<Module>(
  wanted: OptionalPackage,
  isUsable: (module: unknown) => module is Module,
  load: PackageLoader,
): Promise<Module> {
  let module: unknown;
  try {
    module = await load(`${wanted.name}${wanted.entry ?? ""}`);
  } catch (cause) {
    throw packageMissing(wanted, isNotFound(cause) ? "is not installed" : "does not load", cause);
  }
  if (isUsable(module)) {
    return module;
  }
  throw packageMissing(wanted, "does not have what was expected of it", undefined);
}

/** Makes the error for a package that cannot be used, with the command that installs it. */
export function packageMissing(wanted: OptionalPackage, what: string, cause: unknown): CheckpointerError {
  const reason = cause === undefined ? "" : ` (${reasonOf(cause)})`;
  const message = `The package ${wanted.name} ${what}${reason}. Install it: npm install ${wanted.name}@${wanted.version}`;
  return new CheckpointerError("PACKAGE_MISSING", message, { cause });
}

/** Whether a value has a function, or a class, under this name. */
export function hasFunction(value: unknown, name: string): boolean {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) {
    return false;
  }
  return typeof Reflect.get(value, name) === "function";
}

function isNotFound(cause: unknown): boolean {
  if (!(cause instanceof Error) || !("code" in cause)) {
    return false;
  }
  return cause.code === "ERR_MODULE_NOT_FOUND" || cause.code === "MODULE_NOT_FOUND";
}
