/** The UTF-8 bytes that one code point takes. */
function codePointBytes(codePoint: number): number {
  if (codePoint < 0x80) {
    return 1;
  }
  if (codePoint < 0x800) {
    return 2;
  }
  return codePoint < 0x10000 ? 3 : 4;
}

/** The longest beginning of a text that takes at most `maxBytes` in UTF-8; never half a character. */
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

/** What stands at the end of a text that was cut. */
export function cutTail(keptBytes: number, totalBytes: number): string {
  return `… [cut: ${keptBytes} of ${totalBytes} bytes kept]`;
}

/**
 * The text if it takes at most `maxBytes` in UTF-8, else its beginning and a tail that says how much was
 * kept; with the tail it takes at most `maxBytes`, unless the tail alone takes more.
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

const MAX_QUOTED_LENGTH = 80;
const MAX_LISTED = 20;

/** A foreign text as it may stand in a message: in quotes, on one line, and not endless. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MAX_QUOTED_LENGTH ? `${text.slice(0, MAX_QUOTED_LENGTH)}…` : text);
}

/** Foreign names as they may stand in a message: quoted, the first ones, and how many more there are. */
export function quoteAll(names: readonly string[], limit = MAX_LISTED): string {
  const shown = names.slice(0, limit).map(quote).join(", ");
  return names.length > limit ? `${shown} and ${names.length - limit} more` : shown;
}
