import {
  installCommand,
  type OptionalPackage,
  type PackageLoader,
  wrongVersion,
} from "../langgraph/index.js";
import { CheckpointerError, reasonOf } from "./checkpointer-error.js";

/**
 * Imports an optional package, or the subpath `entry` of it, and checks that it has what we use.
 * @throws CheckpointerError PACKAGE_MISSING if it is missing, fails to load, or is another version.
 */
export async function loadOptionalPackage<Module>(
  name: OptionalPackage,
  isUsable: (module: unknown) => module is Module,
  load: PackageLoader,
  entry = "",
): Promise<Module> {
  const wrong = wrongVersion(name);
  if (wrong !== undefined) {
    throw packageMissing(name, wrong, undefined);
  }
  let module: unknown;
  try {
    module = await load(`${name}${entry}`);
  } catch (cause) {
    throw packageMissing(name, isNotFound(cause) ? "is not installed" : "does not load", cause);
  }
  if (isUsable(module)) {
    return module;
  }
  throw packageMissing(name, "does not have what was expected of it", undefined);
}

/** Makes the error for a package that cannot be used, with the command that installs it. */
export function packageMissing(name: OptionalPackage, what: string, cause: unknown): CheckpointerError {
  const reason = cause === undefined ? "" : ` (${reasonOf(cause)})`;
  const message = `The package ${name} ${what}${reason}. Install it: ${installCommand([name])}`;
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
