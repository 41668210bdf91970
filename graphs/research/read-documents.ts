import type { BigIntStats } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { ResearchError } from "./finding.js";

/** Files larger than this are not read. */
const MAX_BYTES = 2_000_000;
const MAX_FILES = 5_000;

/** A file of the folder, not yet read. */
export interface DocumentFile {
  /** Its path in the folder, with slashes. */
  readonly document: string;
  readonly path: string;
  readonly stats: BigIntStats;
}

/** The Markdown and text files of a folder and its subfolders, by name; links that lead out of it are left out. */
export async function listDocuments(folder: string): Promise<DocumentFile[]> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new ResearchError(
      `The folder of documents ${folder} cannot be read. Set the option data to a folder.`,
      {
        cause,
      },
    );
  });
  const entries = await readdir(root, { recursive: true });
  const names = entries.filter((name) => /\.(?:md|markdown|txt)$/i.test(name) && !/(?:^|[\\/])\./.test(name));
  if (names.length > MAX_FILES) {
    throw new ResearchError(`${folder} has ${names.length} documents; at most ${MAX_FILES} can be searched.`);
  }
  const files = await Promise.all(names.sort().map((name) => toFile(root, name)));
  return files.filter((file) => file !== undefined);
}

/** The text of a file, or why it cannot be read. */
export async function readDocument({ document, path, stats }: DocumentFile): Promise<string | ResearchError> {
  if (stats.size > MAX_BYTES) {
    return new ResearchError(`${document}: larger than ${MAX_BYTES} bytes`);
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    return text.includes("\0") ? new ResearchError(`${document}: no text`) : text;
  } catch (cause) {
    const reason = cause instanceof TypeError ? "not in UTF-8" : "cannot be read";
    return new ResearchError(`${document}: ${reason}`, { cause });
  }
}

/** What tells that a file is another one than before. */
export function fingerprintOf(files: readonly DocumentFile[]): string {
  return files
    .map(({ document, stats: { ino, size, mtimeNs, ctimeNs } }) =>
      [document, ino, size, mtimeNs, ctimeNs].join(":"),
    )
    .join("\n");
}

async function toFile(root: string, name: string): Promise<DocumentFile | undefined> {
  // A file may go away between the two looks; then it is not there.
  const path = await realpath(join(root, name)).catch(() => undefined);
  if (path === undefined || !path.startsWith(root + sep)) {
    return undefined;
  }
  const stats = await stat(path, { bigint: true }).catch(() => undefined);
  if (stats === undefined || !stats.isFile()) {
    return undefined;
  }
  return { document: relative(root, join(root, name)).split(sep).join("/"), path, stats };
}
