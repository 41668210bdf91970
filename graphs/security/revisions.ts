// The states of a copied project, each in a folder of its own that is never changed once it is there: it is built
// beside and gets its name when it is whole. A kill leaves the folder with all of it or not at all.
import {
  copyFileSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { patchedFiles } from "./project-files.js";
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
  });
}

/** Makes the next state: some files anew, all others shared with the state before it, which nobody writes to. */
export function nextRevision(before: string, target: string, files: Readonly<Record<string, string>>): void {
  build(target, (folder) => {
    mkdirSync(folder);
    share(before, folder, (path) => path in files);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text, { flag: "wx" });
  });
}

/** SHA-256 of the files that patches change. */
export function hashFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    patchedFiles.map((file) => [file, sha256(readFileSync(join(folder, file), "utf8"))]),
  );
}

/** Writes a file so that it is there as a whole or as it was before. */
export function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

function build(target: string, fill: (folder: string) => void): void {
  const beside = join(dirname(target), `.building-${basename(target)}`);
  mkdirSync(dirname(target), { recursive: true });
  for (const leftover of [beside, target]) rmSync(leftover, { recursive: true, force: true });
  fill(beside);
  renameSync(beside, target);
}

function share(from: string, to: string, isLeftOut: (path: string) => boolean, inside = ""): void {
  for (const entry of readdirSync(join(from, inside), { withFileTypes: true })) {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (isLeftOut(path)) continue;
    if (entry.isDirectory()) {
      mkdirSync(join(to, path));
      share(from, to, isLeftOut, path);
    } else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(join(from, path)), join(to, path));
    else if (lstatSync(join(from, path)).isFile()) linkOrCopy(join(from, path), join(to, path));
  }
}

/** Not every file system has hard links. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!["EPERM", "ENOTSUP", "ENOSYS", "EXDEV", "EMLINK"].includes(code)) throw error;
    copyFileSync(from, to);
  }
}
