import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, fsync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { describeError } from "../base/index.js";
import type { AgentEvent, EventSink } from "../events/index.js";
import { makeFolder, PRIVATE_FOLDER } from "../files/index.js";
import { AuditError } from "./audit-error.js";
import { LineBuffer, type WrittenLine } from "./audit-line.js";
import { fileToWrite } from "./log-files.js";
import { createRedact, type RedactOptions } from "./redact.js";

/** Where and how to keep an audit log. */
export interface AuditLogOptions {
  /** The file. Its folder is made if there is none. */
  readonly path: string;
  /** How large a file becomes before the next one is begun, in bytes. @default 100 MB */
  readonly maxBytes?: number;
  /** Whether each day (UTC) has a file of its own. @default false */
  readonly daily?: boolean;
  /** What to remove from events besides secrets; false: remove nothing at all. @default only secrets */
  readonly redact?: RedactOptions | false;
}

/** An audit log: a sink that keeps events in a file. */
export interface AuditLog extends EventSink {
  writeAll(events: readonly AgentEvent[]): void;
  /** Syncs the file to disk. */
  flush(): Promise<void>;
  close(): void;
}

const MAX_BYTES = 100_000_000;
const LINE_END = 10;
/** After how many of its own writes a writer checks the size of the file, to which others may write too. */
const WRITES_UNSEEN = 64;
/** The log is for its owner alone, and so is its folder if it is made. */
const MODE = 0o600;
/** A secret that is streamed in pieces could be recognized in none of them. The whole text comes in another event. */
const PIECES: ReadonlySet<AgentEvent["type"]> = new Set(["answer.token", "step.token"]);

/**
 * Whether an event may wait for the one after it, and be written with it: that a step began, that a tool that only reads
 * is called, and what a tool gave back. A write costs more than a line. Never waits that any other tool is called, nor
 * that a step ended, so whoever reads the log after a kill knows of each call that may have changed something, and of the
 * end of each step whose output was kept.
 */
function mayWait(event: AgentEvent): boolean {
  return (
    event.type === "step.started" ||
    event.type === "tool.returned" ||
    (event.type === "tool.called" && event.readOnly === true)
  );
}

/** Fields that the agent fills in itself: ids, keys and times. They hold no secrets. */
const OWN: ReadonlySet<string> = new Set(
  "id at turnId threadId runId userId type call requestId idempotencyKey".split(" "),
);

const synced = promisify(fsync);

/**
 * Creates an audit log: a JSONL file that is only ever added to. An event is a line, and no line takes more than one
 * write, so processes can share a file. That a tool is called that may do more than read is written before it is, and that
 * a step ended before its output is kept, so a process that is killed has told all that it did. The lines of each writer
 * are chained by hashes; `verifyAuditLog` finds what was changed, taken out or moved. Pieces of streamed text are not
 * kept. Throws an `AuditError` if the file cannot be opened.
 */
export function createAuditLog({
  path,
  maxBytes = MAX_BYTES,
  daily = false,
  redact,
}: AuditLogOptions): AuditLog {
  const writer = randomUUID();
  const redacted = redact === false ? undefined : createRedact(redact, OWN);
  let file: OpenFile | undefined = openFile(path, { maxBytes, daily });
  let line = 0;
  let previous: string | null = null;
  const lines = new LineBuffer();

  function current(): OpenFile {
    if (file !== undefined && !isOver(file, { maxBytes, daily })) {
      return file;
    }
    file?.close();
    file = openFile(path, { maxBytes, daily });
    return file;
  }

  function writeAll(events: readonly AgentEvent[]): void {
    const places: WrittenLine[] = [];
    let before = previous;
    for (const event of events) {
      if (!PIECES.has(event.type)) {
        const text = JSON.stringify(redacted === undefined ? event : redacted(event));
        const place = lines.add({ writer, line: line + places.length + 1, previous: before }, text);
        before = place.hash;
        places.push(place);
      }
    }
    const bytes = lines.take();
    if (bytes.length === 0) {
      return;
    }
    const written = current().add(bytes);
    for (const { end, hash } of places) {
      if (end <= written) {
        line += 1;
        previous = hash;
      }
    }
    if (written < bytes.length) {
      const message = `Only ${written} of ${bytes.length} bytes were written to ${path}. Make room on its disk.`;
      throw new AuditError("LOG_UNUSABLE", message);
    }
  }

  return {
    name: path,
    write: (event) => writeAll([event]),
    writeAll,
    mayWait,
    async flush() {
      await file?.flush();
    },
    close() {
      file?.close();
      file = undefined;
    },
  };
}

interface OpenFile {
  readonly day: string;
  size(): number;
  /** Adds lines in one write. Returns how many bytes were written: less than all if the disk is full. */
  add(lines: Buffer): number;
  flush(): Promise<void>;
  close(): void;
}

type Rotation = Required<Pick<AuditLogOptions, "maxBytes" | "daily">>;

function isOver(file: OpenFile, { maxBytes, daily }: Rotation): boolean {
  return file.size() >= maxBytes || (daily && file.day !== today());
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

function openFile(path: string, rotation: Rotation): OpenFile {
  const descriptor = openToAdd(path, rotation);
  let isTorn = isTornFile(descriptor);
  let { size } = fstatSync(descriptor);
  let writes = 0;
  let isDirty = false;
  let isOpen = true;
  return {
    day: today(),
    size: () => size,
    add(lines) {
      // Ends a line that a kill or a full disk cut off, so that it does not spoil the next one.
      const start = isTorn ? 1 : 0;
      const bytes = isTorn ? Buffer.concat([Buffer.of(LINE_END), lines]) : lines;
      isDirty = true;
      const written = writeSync(descriptor, bytes);
      isTorn = written < bytes.length;
      writes += 1;
      // Others may write to the file too.
      size = writes % WRITES_UNSEEN === 0 ? fstatSync(descriptor).size : size + written;
      return Math.max(written - start, 0);
    },
    async flush() {
      if (isDirty && isOpen) {
        isDirty = false;
        await synced(descriptor);
      }
    },
    close() {
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

function openToAdd(path: string, rotation: Rotation): number {
  try {
    makeFolder(dirname(path), PRIVATE_FOLDER);
    return openSync(fileToWrite(path, rotation, Date.now()), "a+", MODE);
  } catch (error) {
    const message = `The audit log ${path} cannot be opened: ${describeError(error)}. Name a file that may be written.`;
    throw new AuditError("LOG_UNUSABLE", message, error);
  }
}

/** Whether the last line of a file has no line end, because its writer was killed. */
function isTornFile(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] !== LINE_END;
}
