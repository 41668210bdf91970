import { chmod, mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./file-errors.js";

/**
 * Makes a folder, and those on the way to it, for their owner alone, whatever the umask. Folder by folder: where mkdir
 * makes all of them, it never ends in /proc.
 */
export async function makePrivateFolder(path: string): Promise<void> {
  if (await isFolder(path)) {
    return;
  }
  await makePrivateFolder(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Two writes may make it at the same time.
    if (await isFolder(path)) {
      return;
    }
    throw error;
  }
  await chmod(path, 0o700);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCode(error) ?? "")) {
      return false;
    }
    throw error;
  }
}
