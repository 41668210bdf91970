import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a file that is not there, and the folders above it, for their owner alone from their first moment on, whatever
 * the umask; what is there stays as it is. Throws where it is no file: a database that opens a pipe waits for ever.
 */
export function makePrivateFile(path: string): void {
  makePrivateFolder(dirname(path));
  try {
    const file = openSync(path, "wx", 0o600);
    fchmodSync(file, 0o600);
    closeSync(file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const found = statSync(path, { throwIfNoEntry: false });
    // A link that leads to no file yet: the file is made at its end.
    if (found === undefined) closeSync(openSync(path, "a", 0o600));
    else if (!found.isFile()) throw new Error("it is there, and is no file", { cause: error });
  }
}

/** Node's own way to make the folders above spins for ever below one that takes none, as in /proc. */
function makePrivateFolder(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path) makePrivateFolder(above);
  try {
    mkdirSync(path, 0o700);
    chmodSync(path, 0o700);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
