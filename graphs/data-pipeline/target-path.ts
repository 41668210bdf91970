import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { makePrivateFolder } from "../shared/private-files.js";

/** A file of the workspace, by its name or path; one that leads out of it, or is a link, is refused. */
export function workspaceFile(workspace: string, path: string, endings: readonly string[]): string {
  if (!endings.some((ending) => path.toLowerCase().endsWith(ending))) {
    throw new Error(`"${path}" has to end in ${endings.join(" or ")}.`);
  }
  makePrivateFolder(workspace);
  const root = realpathSync(workspace);
  const target = resolve(root, path);
  const way = relative(root, target);
  const isOutside = path.includes("\0") || way.startsWith("..") || isAbsolute(way);
  if (isOutside || way.split(sep)[0] === "staging") {
    throw new Error(`"${path}" is not a file of the workspace ${workspace}. Give a name inside of it.`);
  }
  for (let part = target; part !== root; part = dirname(part)) {
    if (lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink()) {
      throw new Error(`"${path}" is a link, and is not written through. Give another name.`);
    }
  }
  makePrivateFolder(dirname(target));
  return join(target);
}
