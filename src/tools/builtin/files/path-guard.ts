import { chmod, lstat, mkdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { fileError, orFail, outOfReach, systemCode } from "./file-errors.js";

/** What a path resolves to: an existing target, and the root, both without links. */
interface GuardedPath {
  readonly realRoot: string;
  readonly real: string;
}

/** Resolves paths and keeps them inside one folder. The head of file-root.ts lists the guarantees. */
export class PathGuard {
  constructor(
    private readonly root: string,
    /** Dot names that are reachable all the same. */
    private readonly shown: readonly string[],
  ) {}

  /** Resolves a path that must exist. */
  async existing(path: string): Promise<GuardedPath> {
    const realRoot = await this.realRoot(path);
    const wanted = this.inside(realRoot, path);
    await this.assertWayInside(realRoot, wanted, path);
    const real = await realpathIfThere(wanted);
    if (real === undefined) {
      throw fileError("NOT_FOUND", `"${path}" is not there. list_files tells what is.`);
    }
    return { realRoot, real };
  }

  /** Returns the folder for a file to write, created if necessary, and the file's name. */
  async folderFor(path: string): Promise<GuardedPath & { readonly name: string }> {
    assertPath(path);
    await orFail(makePrivateFolder(this.root), path);
    const realRoot = await this.realRoot(path);
    const wanted = this.inside(realRoot, path);
    if (wanted === realRoot) {
      throw fileError("NOT_A_FILE", `"${path}" is the root folder itself, not a file.`);
    }
    const folder = dirname(wanted);
    await this.assertWayInside(realRoot, folder, path);
    await orFail(makePrivateFolder(folder), path);
    const real = await orFail(realpath(folder), path);
    this.assertReachable(realRoot, real, path);
    return { realRoot, real, name: basename(wanted) };
  }

  /** Whether a path lies inside the root, with no hidden name on the way. */
  isReachable(realRoot: string, path: string): boolean {
    const names = relative(realRoot, path).split(sep);
    return isInside(realRoot, path) && names.every((name) => !isHidden(name) || this.shown.includes(name));
  }

  private assertReachable(realRoot: string, path: string, told: string): void {
    if (!this.isReachable(realRoot, path)) {
      throw outOfReach(told);
    }
  }

  private async realRoot(path: string): Promise<string> {
    assertPath(path);
    const real = await realpathIfThere(this.root);
    if (real !== undefined) {
      return real;
    }
    throw fileError(
      "NOT_FOUND",
      `"${path}" is not there: the root folder of the file tools does not exist yet.`,
    );
  }

  /** Resolves a path by its text alone, under the resolved root. */
  private inside(realRoot: string, path: string): string {
    const way = isAbsolute(path) ? relativeInside([this.root, realRoot], path) : path;
    if (way === undefined) {
      throw outOfReach(path);
    }
    const wanted = resolve(realRoot, way);
    this.assertReachable(realRoot, wanted, path);
    return wanted;
  }

  /** Resolves the deepest part of the path that exists. Throws if that is out of reach. */
  private async assertWayInside(realRoot: string, wanted: string, path: string): Promise<void> {
    for (let current = wanted; ; current = dirname(current)) {
      const real = await realpathIfThere(current);
      if (real !== undefined) {
        return this.assertReachable(realRoot, real, path);
      }
      if (current === realRoot) {
        return;
      }
      // A dangling link counts as missing, but anything created in its place would appear where it points to.
      if (await isLink(current)) {
        throw outOfReach(path);
      }
    }
  }
}

function assertPath(path: string): void {
  const problem = path.includes("\0")
    ? "holds a NUL byte"
    : path.length > 4_096
      ? "is longer than 4,096 characters"
      : path.trim() === ""
        ? "is empty"
        : /^[a-zA-Z]:/.test(path) && sep === "/"
          ? "names a drive"
          : path.includes("\\") && sep === "/"
            ? 'holds a "\\": write "/" between folders'
            : undefined;
  if (problem === undefined) {
    return;
  }
  throw fileError("INVALID_PATH", `The path "${path.slice(0, 80).replaceAll("\0", "\\0")}" ${problem}.`);
}

/** Whether a path is the folder or lies inside it, judged by text alone. */
function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * Whether any computer's file system may read this name as beginning with a dot. Some ignore invisible
 * characters, or treat characters that look alike as the same.
 */
function isHidden(name: string): boolean {
  const seen = name.normalize("NFKC").replace(/[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu, "");
  return seen.startsWith(".");
}

function relativeInside(folders: readonly string[], path: string): string | undefined {
  const folder = folders.find((candidate) => isInside(candidate, resolve(path)));
  return folder === undefined ? undefined : relative(folder, resolve(path));
}

/** Writes a path for output: relative to the root, with "/" between folders. */
export function fromRoot(realRoot: string, path: string): string {
  return relative(realRoot, path).split(sep).join("/") || ".";
}

/** Resolves a path with all its links; undefined if it leads to nothing. */
export async function realpathIfThere(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"].includes(systemCode(error) ?? "")) {
      return undefined;
    }
    throw error;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (systemCode(error) === undefined) {
      throw error;
    }
    return false;
  }
}

/**
 * Creates a folder and its missing parents for their owner alone, whatever the umask. It goes folder by
 * folder, because a recursive mkdir never returns in /proc.
 */
async function makePrivateFolder(path: string): Promise<void> {
  if (await isFolder(path)) {
    return;
  }
  await makePrivateFolder(dirname(path));
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    // Two writes may create it at the same time.
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
