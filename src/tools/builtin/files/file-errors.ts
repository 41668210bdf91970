import { BuiltinToolError, type BuiltinToolErrorCode } from "../../tool-errors.js";

/** Refusals of the operating system, in words that do not reveal where the root is. */
const SYSTEM_REASONS: ReadonlyMap<string, readonly [BuiltinToolErrorCode, string]> = new Map([
  ["ENOENT", ["NOT_FOUND", "is not there. list_files tells what is"]],
  ["ENOTDIR", ["NOT_A_FOLDER", "is not a folder, or a file stands in its way"]],
  ["EEXIST", ["NOT_A_FOLDER", "cannot be made: a file stands in its way"]],
  ["EISDIR", ["NOT_A_FILE", "is a folder, not a file"]],
  ["ELOOP", ["OUTSIDE_ROOT", "is a link, and links are not followed here"]],
  ["ENXIO", ["NOT_A_FILE", "is not a regular file"]],
  ["ENAMETOOLONG", ["INVALID_PATH", "has a name that is too long"]],
  ["EACCES", ["NOT_FOUND", "may not be opened: permission denied"]],
  ["EPERM", ["NOT_FOUND", "may not be changed: permission denied"]],
]);

/** Awaits the promise, and turns a refusal of the operating system into the file tools' own words. */
export async function orFail<Value>(promise: Promise<Value>, path: string): Promise<Value> {
  try {
    return await promise;
  } catch (error) {
    const [code, reason] = SYSTEM_REASONS.get(systemCode(error) ?? "") ?? [];
    if (code === undefined) {
      throw error;
    }
    throw new BuiltinToolError(code, `"${path}" ${reason}.`, false, { cause: error });
  }
}

/** Returns the code of an error from the operating system; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && "syscall" in error ? String(error.code) : undefined;
}

/** Makes the error for a path that leads out of the root or to something hidden. */
export function outOfReach(path: string): BuiltinToolError {
  return fileError(
    "OUTSIDE_ROOT",
    `"${path}" lies outside of the folder that the file tools may use, or is hidden (its name, or a folder's, begins with a dot). Give a path such as data/report.csv.`,
  );
}

export function fileError(code: BuiltinToolErrorCode, message: string): BuiltinToolError {
  return new BuiltinToolError(code, message);
}
