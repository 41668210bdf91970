/**
 * The one way to files: inside one folder, the root.
 *
 * 1. A path is taken from the root; an absolute one is accepted where it lies inside of it.
 * 2. Nothing outside of the root, and nothing hidden in it (`.env`, `.git`, the agent's own `.plan-execute`: any name
 *    that begins with a dot), is read, written, listed, or told to exist: not by `..`, not by an absolute path, not by
 *    a symbolic link anywhere on the way. The deepest folder on the way that exists is resolved before it is used, and
 *    a folder that was made on the way again after.
 * 3. A file is opened without following a link in its last part, so one that is put there in between is not
 *    followed either. A link that stays inside the root can be read; none is ever written through.
 * 4. Only regular files are read: no pipe that never ends, no device.
 * 5. A file is written beside its place and moved there: who reads it sees the old one or the new one. It keeps its
 *    mode; a new one, and a new folder, is for its owner alone from its first moment, whatever the umask.
 *
 * Whoever can swap the folders inside the root while a call runs has access to the files anyway.
 */
import { randomUUID } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, opendir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { RunnableConfig } from "@langchain/core/runnables";
import { fileError, orFail, systemCode } from "./file-errors.js";
import { fromRoot, PathGuard, realpathIfThere } from "./path-guard.js";

/** One entry of a folder. */
export interface FileEntry {
  /** Its path from the root, with "/" between folders. */
  readonly path: string;
  /** Its size; 0 for a folder. */
  readonly bytes: number;
  readonly isDirectory: boolean;
}

/** The files inside one folder, or inside the one that a call's config says. */
export interface FileRoot {
  /** The text of a file. */
  readText(path: string, config?: RunnableConfig): Promise<string>;
  /** Writes a file, and the folders on the way to it. */
  writeText(path: string, text: string, config?: RunnableConfig): Promise<{ path: string; bytes: number }>;
  /** What is in a folder, by name; what is hidden and links that lead out of the root are left out. */
  list(path?: string, config?: RunnableConfig): Promise<FileEntry[]>;
}

/** The folder that holds the files, or what says which one it is for a call: one of its user's own, by `requesterOf`. */
export type RootFolder = string | ((config: RunnableConfig) => string);

/** Where the files are and how large they may be. */
export interface FileRootOptions {
  /** The folder that holds them; need not exist before the first write. */
  readonly root: RootFolder;
  /** Names that begin with a dot and are read, written and listed all the same, such as ".github". @default none */
  readonly hidden?: readonly string[];
  /** Bytes of the largest file that is read or written. @default 10,000,000 */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 10_000_000;
/** Entries of the largest folder that is listed: more than an output can hold. */
const MAX_ENTRIES = 5_000;
/** Entries of a folder that are looked at at once. */
const AT_ONCE = 64;

/** The files inside one folder; see the head of the file for what is promised. */
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
    // Without O_NONBLOCK, to open a pipe waits for somebody who writes to it.
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

/** The mode that a written file gets; throws where none can be written. */
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
