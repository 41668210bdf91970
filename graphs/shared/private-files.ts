// What a graph writes belongs to its owner alone from the first moment, whatever the umask.
import { randomUUID } from "node:crypto";
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";

/** Makes a folder and its parents. */
export function makePrivateFolder(path: string): void {
  if (isFolder(path)) {
    return;
  }
  makePrivateFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Two processes may make it at the same time.
    if (isFolder(path)) {
      return;
    }
    throw error;
  }
  chmodSync(path, 0o700);
}

/** Makes an empty file if there is none. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      throw error;
    }
    return;
  }
  chmodSync(path, 0o600);
}

/** Writes a file. Readers see either the old file or the whole new one. An existing file keeps its mode. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const mode = (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o600) & 0o777;
  const beside = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(beside, content, { flag: "wx", mode: 0o600 });
    chmodSync(beside, mode);
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
