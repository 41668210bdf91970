// One line of an audit log: an event, with its place in the chain of whoever wrote it.
//
//   (1) Each writer (a log that a process opened) has a chain of its own, so that processes can share a file.
//   (2) A line holds the number of its place and the hash of the writer's line before it. Its own hash stands last and
//       covers all the text before it. So it is checked as text, and no form of JSON has to be agreed on.
//   (3) A line that was changed has a wrong hash. One that was taken out or moved is missing before the next one.
import { hash as digest } from "node:crypto";
import { z } from "zod";
import { parseJson } from "../base/index.js";
import { type AgentEvent, agentEventSchema } from "../events/index.js";

/** The place of a line. */
export interface LinePlace {
  readonly writer: string;
  readonly line: number;
  /** The hash of the writer's previous line; null for the first. */
  readonly previous: string | null;
}

/** A line as it was read. */
export interface AuditLine extends LinePlace {
  readonly hash: string;
  readonly event: AgentEvent;
}

const lineSchema = z.object({
  writer: z.string(),
  line: z.int().min(1),
  previous: z.string().nullable(),
  event: agentEventSchema,
  hash: z.string(),
});

/** The end of a line: its hash, of 64 digits. */
const HASH = /,"hash":"[0-9a-f]{64}"\}$/;

/** The size of the buffer in which lines are joined. Longer lines get a larger one, once. */
const SPACE = 65_536;
/** The length of what follows an event: its hash and the end of the line. */
const MAX_END = 80;

/** A finished line: where it ends in the buffer, and its hash. */
export interface WrittenLine {
  readonly end: number;
  readonly hash: string;
}

/** Joins lines in a buffer, so that they can be written at once. */
export class LineBuffer {
  #space = Buffer.allocUnsafeSlow(SPACE);
  #end = 0;

  /** Adds a line. `event` is the event as JSON. */
  add({ writer, line, previous }: LinePlace, event: string): WrittenLine {
    const before = previous === null ? "null" : `"${previous}"`;
    const head = `{"writer":"${writer}","line":${line},"previous":${before},"event":`;
    this.#makeRoom((head.length + event.length) * 3 + MAX_END);
    const start = this.#end;
    let end = start + this.#space.write(head, start, "latin1");
    end += this.#space.write(event, end);
    const hash = hashOf(this.#space.subarray(start, end));
    end += this.#space.write(`,"hash":"${hash}"}\n`, end, "latin1");
    this.#end = end;
    return { end, hash };
  }

  /** Returns the lines as UTF-8. The next lines overwrite them. */
  take(): Buffer {
    const lines = this.#space.subarray(0, this.#end);
    this.#end = 0;
    if (this.#space.length > SPACE) {
      this.#space = Buffer.allocUnsafeSlow(SPACE);
    }
    return lines;
  }

  #makeRoom(length: number): void {
    const needed = this.#end + length;
    if (needed > this.#space.length) {
      const larger = Buffer.allocUnsafeSlow(needed * 2);
      this.#space.copy(larger, 0, 0, this.#end);
      this.#space = larger;
    }
  }
}

/** Reads a line. If it is not as it was written, says what is wrong with it. */
export function readLine(text: string): { readonly line: AuditLine } | { readonly problem: string } {
  const parsed = lineSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    return { problem: "it is no line of an audit log, or was cut off" };
  }
  const { data } = parsed;
  return hashOf(text.replace(HASH, "")) === data.hash
    ? { line: data }
    : { problem: "it was changed: its hash is not that of its text" };
}

function hashOf(text: string | Buffer): string {
  return digest("sha256", text, "hex");
}
