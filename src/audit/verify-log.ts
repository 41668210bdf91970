import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type AuditLine, readLine } from "./audit-line.js";
import { filesOf } from "./log-files.js";

/** Something that is wrong with a log. */
export interface AuditProblem {
  readonly file: string;
  /** The line of the file, counted from 1. */
  readonly row: number;
  /** What is wrong, in words. */
  readonly message: string;
}

/** A writer of a log, and where its chain ends. */
export interface AuditWriter {
  readonly writer: string;
  /** How many lines it has written. */
  readonly lines: number;
  /** The hash of its last line. Whoever keeps it elsewhere can tell whether lines at the end were taken out. */
  readonly lastHash: string;
}

/** The result of a check. */
export interface AuditVerdict {
  readonly files: readonly string[];
  readonly lines: number;
  readonly problems: readonly AuditProblem[];
  readonly writers: readonly AuditWriter[];
}

/**
 * Checks an audit log, all its files together: finds each line that was changed, and each place at which lines were
 * taken out, moved or put in. Lines that were taken out at the very end leave no trace in the log itself: compare
 * `writers` with what was kept elsewhere.
 */
export async function verifyAuditLog(path: string): Promise<AuditVerdict> {
  const files = filesOf(path);
  const problems: AuditProblem[] = [];
  const ends = new Map<string, AuditLine>();
  let lines = 0;
  for await (const { file, row, text } of rowsOf(files)) {
    const read = readLine(text);
    if ("problem" in read) {
      problems.push({ file, row, message: `The line does not hold: ${read.problem}.` });
      continue;
    }
    lines += 1;
    const { line } = read;
    const message = gapBefore(line, ends.get(line.writer));
    if (message !== undefined) {
      problems.push({ file, row, message });
    }
    ends.set(line.writer, line);
  }
  const writers = [...ends.values()].map(({ writer, line, hash }) => ({
    writer,
    lines: line,
    lastHash: hash,
  }));
  return { files, lines, problems, writers };
}

/** Reads the events of an audit log, all its files together. Lines that cannot be read are left out. */
export async function readAuditLog(path: string): Promise<AuditLine["event"][]> {
  const events: AuditLine["event"][] = [];
  for await (const { text } of rowsOf(filesOf(path))) {
    const read = readLine(text);
    if ("line" in read) {
      events.push(read.line.event);
    }
  }
  return events;
}

/** Describes what is missing or wrong between two lines of a writer. */
function gapBefore({ writer, line, previous }: AuditLine, before: AuditLine | undefined): string | undefined {
  const expected = (before?.line ?? 0) + 1;
  if (line === expected && previous === (before?.hash ?? null)) {
    return undefined;
  }
  const who = `of writer ${writer}`;
  if (line > expected) {
    const missing = line - 1 === expected ? `Line ${expected}` : `Lines ${expected} to ${line - 1}`;
    return `${missing} ${who} ${line - 1 === expected ? "is" : "are"} missing before this line.`;
  }
  if (line < expected) {
    return `This line is line ${line} ${who}, and stands after line ${expected - 1}: it was moved or put in.`;
  }
  return `The line before this one ${who} is not the one that it followed.`;
}

async function* rowsOf(files: readonly string[]) {
  for (const file of files) {
    let row = 0;
    for await (const text of createInterface({
      input: createReadStream(file),
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      row += 1;
      if (text !== "") {
        yield { file, row, text };
      }
    }
  }
}
