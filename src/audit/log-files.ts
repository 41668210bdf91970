// The files of an audit log. The first has the log's own path. When it is full, or the day is over, the next file has a
// number or the day in its name. No file is ever renamed, so processes that share a log need not agree on anything:
// each writes to the newest file that is not full.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";

/** When a log goes on in another file. */
export interface Rotation {
  /** How large a file becomes, in bytes. */
  readonly maxBytes: number;
  /** Whether each day (UTC) has a file of its own. */
  readonly daily: boolean;
}

/** Finds the file to write to. */
export function fileToWrite(path: string, { maxBytes, daily }: Rotation, now: number): string {
  const day = daily ? new Date(now).toISOString().slice(0, 10) : undefined;
  for (let number = 0; ; number += 1) {
    const file = fileName(path, day, number);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    const isNewest = !existsSync(fileName(path, day, number + 1));
    if (isNewest && (size ?? 0) < maxBytes) {
      return file;
    }
  }
}

/** Lists the files of a log, in the order in which they were written. */
export function filesOf(path: string): string[] {
  const folder = dirname(path);
  const { name, extension } = partsOf(path);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const found = files.flatMap((file) => {
    const middle =
      file.startsWith(name) && file.endsWith(extension)
        ? file.slice(name.length, file.length - extension.length)
        : undefined;
    const match = middle === undefined ? null : /^(?:\.(\d{4}-\d{2}-\d{2}))?(?:\.(\d+))?$/.exec(middle);
    return match === null ? [] : [{ file, day: match[1] ?? "", number: Number(match[2] ?? 0) }];
  });
  found.sort((one, other) =>
    one.day === other.day ? one.number - other.number : one.day < other.day ? -1 : 1,
  );
  return found.map(({ file }) => join(folder, file));
}

function fileName(path: string, day: string | undefined, number: number): string {
  const { name, extension } = partsOf(path);
  const middle = [...(day === undefined ? [] : [day]), ...(number === 0 ? [] : [number])];
  return join(dirname(path), [name, ...middle].join(".") + extension);
}

function partsOf(path: string): { readonly name: string; readonly extension: string } {
  const extension = extname(path);
  return { name: basename(path, extension), extension };
}
