/** Counts the bytes that a code point takes in UTF-8. */
function codePointBytes(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  return codePoint < 0x10000 ? 3 : 4;
}

/** Returns the longest beginning of a text that fits into `maxBytes` of UTF-8, without splitting a character. */
export function headOfText(text: string, maxBytes: number): string {
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const codePoint = text.codePointAt(index) ?? 0;
    bytes += codePointBytes(codePoint);
    if (bytes > maxBytes) {
      break;
    }
    index += codePoint > 0xffff ? 2 : 1;
  }
  return text.slice(0, index);
}

/** Writes the tail that marks a text as cut. */
export function cutTail(keptBytes: number, totalBytes: number): string {
  return `… [cut: ${keptBytes} of ${totalBytes} bytes kept]`;
}

/**
 * Cuts a text to `maxBytes` of UTF-8. A cut text ends with a tail that says how much was kept. The tail counts towards
 * `maxBytes`, so the result is longer than that only if the tail alone is.
 */
export function cutText(text: string, maxBytes: number): string {
  const totalBytes = Buffer.byteLength(text, "utf8");
  if (totalBytes <= maxBytes) {
    return text;
  }
  const tailBytes = Buffer.byteLength(cutTail(maxBytes, totalBytes), "utf8");
  const head = headOfText(text, Math.max(0, maxBytes - tailBytes));
  return head + cutTail(Buffer.byteLength(head, "utf8"), totalBytes);
}

/** The first line of a text, cut to `maxBytes`. What follows the first line of an error may be a stack trace. */
export function firstLine(text: string, maxBytes: number): string {
  return cutText(text.trim().split(/\r?\n/, 1).join(), maxBytes);
}

/** Shares out `room` among parts of these sizes: the most that any of them may take, so that all fit in together. */
export function fairShare(sizes: readonly number[], room: number): number {
  let left = room;
  for (const [index, size] of sizes.toSorted((a, b) => a - b).entries()) {
    const share = left / (sizes.length - index);
    if (size > share) {
      return Math.floor(share);
    }
    left -= size;
  }
  return room;
}

/** More marks on one letter than any language has. It is the bound of Unicode's stream-safe text format (UAX #15). */
const MAX_MARKS = 30;

/**
 * Composes letters and their marks (NFC), so that texts that look the same are the same. A text with more than 30 marks
 * in a row stays as it is, because sorting such marks takes quadratic time: seconds for 100 kB.
 */
export function toComposed(text: string): string {
  return text.length > MAX_MARKS && hasLongRun(text) ? text : text.normalize("NFC");
}

function hasLongRun(text: string): boolean {
  for (const [marks] of text.matchAll(/\p{M}+/gu)) {
    if (marks.length > MAX_MARKS) {
      return true;
    }
  }
  return false;
}

const MAX_QUOTED_LENGTH = 80;
const MAX_LISTED = 20;

/** Quotes a foreign text for a message: on one line, and cut if it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text);
}

/** Shows a foreign value for a message as JSON: on one line, and cut if it is long. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text;
}

/** Quotes foreign names for a message: the first `limit` of them, and how many more there are. */
export function quoteAll(names: readonly string[], limit = MAX_LISTED): string {
  const shown = names.slice(0, limit).map(quote).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}

/** Writes a number of things: `1 item`, `2 items`. */
export function countOf(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;
}
