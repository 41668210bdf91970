// The states of a copied project, each in a folder of its own that is never changed once it is there: it is built
// beside and gets its name when it is whole. A kill leaves the folder with all of it or not at all.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  linkSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { makePrivateFolder, replaceFile } from "../shared/private-files.js";
import { PATCHED_FILES } from "./project-files.js";
import { sha256 } from "./trail.js";

const LEFT_OUT = new Set(["node_modules", ".git"]);

/** Copies a project, without what is installed in it; what may be left of an attempt before it goes. */
export function copyProject(source: string, target: string): void {
  build(target, (folder) => {
    cpSync(source, folder, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path === source || !LEFT_OUT.has(basename(path)),
    });
    restrict(folder);
  });
}

/** Makes the next state: some files anew, all others shared with the state before it, which nobody writes to. */
export function nextRevision(before: string, target: string, files: Readonly<Record<string, string>>): void {
  build(target, (folder) => {
    makePrivateFolder(folder);
    share(before, folder, (path) => path in files);
    for (const [file, text] of Object.entries(files)) {
      replaceFile(join(folder, file), text);
    }
  });
}

/** SHA-256 of the files that patches change. */
export function hashFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    PATCHED_FILES.map((file) => [file, sha256(readFileSync(join(folder, file), "utf8"))]),
  );
}

/** What was copied is for the owner alone as well; what can be run still can. */
function restrict(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      restrict(path);
    } else if (entry.isFile()) {
      chmodSync(path, lstatSync(path).mode & 0o700);
    }
  }
}

function build(target: string, fill: (folder: string) => void): void {
  const beside = join(dirname(target), `.building-${basename(target)}`);
  makePrivateFolder(dirname(target));
  for (const leftover of [beside, target]) {
    rmSync(leftover, { recursive: true, force: true });
  }
  fill(beside);
  renameSync(beside, target);
}

function share(from: string, to: string, isLeftOut: (path: string) => boolean, inside = ""): void {
  for (const entry of readdirSync(join(from, inside), { withFileTypes: true })) {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (isLeftOut(path)) {
      continue;
    }
    if (entry.isDirectory()) {
      makePrivateFolder(join(to, path));
      share(from, to, isLeftOut, path);
    } else if (entry.isSymbolicLink()) {
      symlinkSync(readlinkSync(join(from, path)), join(to, path));
    } else if (lstatSync(join(from, path)).isFile()) {
      linkOrCopy(join(from, path), join(to, path));
    }
  }
}

/** Not every file system has hard links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EXDEV", "EMLINK"].includes(code)) {
      throw error;
    }
    copyFileSync(from, to);
  }
}
