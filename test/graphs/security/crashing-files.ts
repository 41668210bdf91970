import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const CHANGING = [
  "cpSync",
  "mkdirSync",
  "linkSync",
  "symlinkSync",
  "writeFileSync",
  "renameSync",
  "rmSync",
  "ftruncateSync",
  "writeSync",
  "fsyncSync",
] as const;

/**
 * From now on the given function is called before each change of the file system, with the change's number from 1 and
 * what is changed; a write of text to a file that is open is done by half before it is. Ends with what is returned.
 */
export function watchChanges(before: (count: number, what: string) => void): () => void {
  const originals = CHANGING.map((name) => [name, fs[name]] as const);
  let count = 0;
  for (const [name, original] of originals) {
    const watched = (...args: unknown[]): unknown => {
      count += 1;
      const [target, text] = args;
      try {
        before(count, `${name} ${String(target)}`);
      } catch (error) {
        // A kill in the middle of an append leaves a part of the line.
        if (name === "writeSync" && typeof text === "string") {
          Reflect.apply(original, fs, [target, text.slice(0, text.length / 2), args[2]]);
        }
        throw error;
      }
      return Reflect.apply(original, fs, args);
    };
    Reflect.set(fs, name, watched);
  }
  syncBuiltinESMExports();
  return () => {
    for (const [name, original] of originals) {
      Reflect.set(fs, name, original);
    }
    syncBuiltinESMExports();
  };
}
