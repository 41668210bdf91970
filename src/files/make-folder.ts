import { chmodSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** The mode of a folder that is for its owner alone. */
export const PRIVATE_FOLDER = 0o700;

/**
 * Creates a missing folder and those above it. With a mode they get exactly that, whatever the umask; folders that exist
 * stay as they are. It goes one by one, because Node's recursive mkdir spins forever below a folder that accepts none,
 * as in /proc.
 */
export function makeFolder(path: string, mode?: number): void {
  if (isFolder(path)) {
    return;
  }
  const above = dirname(path);
  if (above !== path) {
    makeFolder(above, mode);
  }
  try {
    mkdirSync(path, mode);
    if (mode !== undefined) {
      chmodSync(path, mode);
    }
  } catch (error) {
    // Somebody else may have created it meanwhile.
    if (!isFolder(path)) {
      throw error;
    }
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
