/**
 * The only way to files. It leads into one folder, the root.
 *
 * 1. Paths are relative to the root. An absolute path is accepted if it lies inside.
 * 2. Nothing outside the root and nothing hidden in it is read, written, listed or even revealed to exist.
 *    Neither `..`, nor an absolute path, nor a symbolic link anywhere on the way gets there. Hidden is every
 *    name that begins with a dot: `.env`, `.git`, the agent's own `.plan-execute`. Before a path is used, the
 *    deepest folder on it that exists is resolved; folders that were created on the way are resolved again
 *    afterwards.
 * 3. A file is opened without following a link in the last part of its path, so a link that is slipped in
 *    meanwhile is not followed either. A link that stays inside the root can be read. Nothing is ever written
 *    through a link.
 * 4. Only regular files are read, never a device or a pipe that does not end.
 * 5. A file is written next to its destination and then moved there, so a reader sees either the old file or
 *    the new one. An existing file keeps its mode. New files and folders belong to their owner alone from
 *    their first moment, whatever the umask.
 *
 * Anyone who can swap folders inside the root during a call has access to the files anyway.
 */
import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, opendir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RunnableConfig } from "@langchain/core/runnables";
import { BuiltinToolError } from "../../tool-errors.js";
import { fileError, orFail, systemCode } from "./file-errors.js";
import { fromRoot, PathGuard, realpathIfThere } from "./path-guard.js";

/** An entry of a folder. */
export interface FileEntry {
  /** Path from the root, with "/" between folders. */
  readonly path: string;
  /** Size in bytes; 0 for a folder. */
  readonly bytes: number;
  readonly isDirectory: boolean;
}

/** The files inside one folder, or inside the folder that a call's config selects. */
export interface FileRoot {
  /** Reads a text file. */
  readText(path: string, config?: RunnableConfig): Promise<string>;
  /** Writes a file, and creates missing folders on the way. */
  writeText(path: string, text: string, config?: RunnableConfig): Promise<{ path: string; bytes: number }>;
  /**
   * Whether writing this text would replace a file that says something else. What cannot be written anyway replaces
   * nothing.
   */
  wouldReplace(path: string, text: string, config?: RunnableConfig): Promise<boolean>;
  /** Lists a folder by name, without hidden entries and links that lead out of the root. */
  list(path?: string, config?: RunnableConfig): Promise<FileEntry[]>;
}

/**
 * The folder that holds the files, or a function that chooses it for a call. To give each user a folder, look
 * the user up with `requesterOf`.
 */
export type RootFolder = string | ((config: RunnableConfig) => string);

/** Where the files are, and how large they may be. */
export interface FileRootOptions {
  /** The folder that holds the files. It need not exist before the first write. */
  readonly root: RootFolder;
  /** Dot names that may be read, written and listed all the same, such as ".github". @default none */
  readonly hidden?: readonly string[];
  /** Size limit for files that are read or written, in bytes. @default 10,000,000 */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 10_000_000;
/** Most entries of a folder that is listed; a step's output could not hold more. */
const MAX_ENTRIES = 5_000;
/** How many entries of a folder are examined at the same time. */
const AT_ONCE = 64;

/** Opens the files inside one folder. The head of this file says what is guaranteed. */
export function createFileRoot({
  root,
  hidden = [],
  maxBytes = DEFAULT_MAX_BYTES,
}: FileRootOptions): FileRoot {
  const rootFor = typeof root === "function" ? root : toConstant(toFolder(root));
  const filesFor = (config: RunnableConfig = {}) =>
    new GuardedRoot(new PathGuard(toFolder(rootFor(config)), hidden), maxBytes);
  return {
    readText: async (path, config) => filesFor(config).readText(path),
    writeText: async (path, text, config) => filesFor(config).writeText(path, text),
    wouldReplace: async (path, text, config) => filesFor(config).wouldReplace(path, text),
    list: async (path, config) => filesFor(config).list(path),
  };
}

function toConstant(folder: string): () => string {
  return () => folder;
}

function toFolder(root: string): string {
  if (typeof root !== "string" || root === "" || root.includes("\0")) {
    throw fileError("INVALID_PATH", "The root folder of the file tools has no path. Give one.");
  }
  return resolve(root);
}

class GuardedRoot {
  constructor(
    private readonly guard: PathGuard,
    private readonly maxBytes: number,
  ) {}

  async readText(path: string): Promise<string> {
    const { real } = await this.guard.existing(path);
    // Without O_NONBLOCK, opening a pipe would wait until somebody writes to it.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await orFail(open(real, flags), path);
    try {
      return decode(await this.readBytes(handle, path), path);
    } finally {
      await handle.close();
    }
  }

  private async readBytes(handle: FileHandle, path: string): Promise<Buffer> {
    const stats = await handle.stat();
    if (stats.isDirectory()) {
      throw fileError("NOT_A_FILE", `"${path}" is a folder, not a file.`);
    }
    if (!stats.isFile()) {
      throw fileError("NOT_A_FILE", `"${path}" is not a regular file.`);
    }
    this.assertSize(stats.size, path);
    const bytes = await orFail(handle.readFile(), path);
    this.assertSize(bytes.length, path);
    return bytes;
  }

  async writeText(path: string, text: string): Promise<{ path: string; bytes: number }> {
    const bytes = Buffer.byteLength(text, "utf8");
    this.assertSize(bytes, path);
    const { realRoot, real, name } = await this.guard.folderFor(path);
    const target = join(real, name);
    const mode = await modeFor(target, path);
    const temporary = join(real, `.${randomUUID()}.tmp`);
    try {
      await orFail(writeNew(temporary, text, mode), path);
      await orFail(rename(temporary, target), path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    return { path: fromRoot(realRoot, target), bytes };
  }

  async wouldReplace(path: string, text: string): Promise<boolean> {
    try {
      const { real } = await this.guard.existing(path);
      const stats = await lstat(real);
      return stats.isFile() && (await this.readText(path)) !== text;
    } catch (error) {
      if (!(error instanceof BuiltinToolError)) {
        throw error;
      }
      // A file that cannot be read, because it is no text or too large, is not known to say the same.
      return error.code === "NOT_TEXT" || error.code === "TOO_LARGE";
    }
  }

  async list(path = "."): Promise<FileEntry[]> {
    const { realRoot, real } = await this.guard.existing(path);
    const names = await orFail(namesIn(real, path), path);
    const listed: FileEntry[] = [];
    for (let start = 0; start < names.length; start += AT_ONCE) {
      const some = names.slice(start, start + AT_ONCE);
      const described = await Promise.all(some.map((name) => this.describe(realRoot, join(real, name))));
      listed.push(...described.filter((entry) => entry !== undefined));
    }
    return listed;
  }

  private async describe(realRoot: string, target: string): Promise<FileEntry | undefined> {
    const real = await realpathIfThere(target);
    const paths = real === undefined ? [] : [target, real];
    if (real === undefined || !paths.every((one) => this.guard.isReachable(realRoot, one))) {
      return undefined;
    }
    const stats = await lstat(real);
    const isDirectory = stats.isDirectory();
    return { path: fromRoot(realRoot, target), bytes: isDirectory ? 0 : stats.size, isDirectory };
  }

  private assertSize(bytes: number, path: string): void {
    if (bytes <= this.maxBytes) {
      return;
    }
    throw fileError("TOO_LARGE", `"${path}" has ${bytes} bytes; ${this.maxBytes} are the most for one file.`);
  }
}

async function namesIn(folder: string, path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of await opendir(folder)) {
    if (names.length === MAX_ENTRIES) {
      throw fileError(
        "TOO_LARGE",
        `"${path}" has more than ${MAX_ENTRIES} entries, the most that is listed.`,
      );
    }
    names.push(name);
  }
  return names.sort();
}

/** Returns the mode for the written file. Throws if no file can be written there. */
async function modeFor(target: string, path: string): Promise<number> {
  const stats = await orFail(statIfThere(target), path);
  if (stats === undefined) {
    return 0o600;
  }
  if (stats.isDirectory()) {
    throw fileError("NOT_A_FILE", `"${path}" is a folder: a file cannot take its place.`);
  }
  if (!stats.isFile()) {
    throw fileError("NOT_A_FILE", `"${path}" is a link or a device: it is not written to.`);
  }
  return stats.mode & 0o777;
}

async function statIfThere(target: string): Promise<Stats | undefined> {
  try {
    return await lstat(target);
  } catch (error) {
    if (systemCode(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, "wx", 0o600);
  try {
    await handle.writeFile(text, "utf8");
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}

function decode(bytes: Buffer, path: string): string {
  const isBinary = bytes.subarray(0, 8_192).includes(0);
  try {
    if (!isBinary) {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    }
  } catch (error) {
    if (!(error instanceof TypeError)) {
      throw error;
    }
  }
  throw fileError("NOT_TEXT", `"${path}" is no text in UTF-8 (${bytes.length} bytes).`);
}
