import type { Raw } from "./cell.js";

/** A row as it was read. */
export interface SourceRow {
  /** Its number in the source, from 1. */
  readonly row: number;
  readonly values: readonly Raw[];
  /** Why it is no row of this table, if it is none. */
  readonly fault?: string;
}

/** A table as it was read. */
export interface SourceTable {
  readonly columns: readonly string[];
  readonly rows: readonly SourceRow[];
  /** Whether the source says itself what is a number and what is text. */
  readonly isTyped: boolean;
}

/** Names that a table of SQLite can have side by side: none empty, none twice in whatever case. */
export function nameColumns(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, index) => {
    const base = name.replaceAll("\0", "").trim() || `column_${index + 1}`;
    let unique = base;
    for (let number = 2; taken.has(unique.toLowerCase()); number += 1) {
      unique = `${base}_${number}`;
    }
    taken.add(unique.toLowerCase());
    return unique;
  });
}

/** The text of a file, whatever it begins with; an error where it is no text in UTF-8. */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(`"${file}" is no text in UTF-8. Convert it, then load it again.`, { cause });
  }
}
