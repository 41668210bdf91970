/**
 * How far a text can be written as JSON in so many bytes of UTF-8, its quotes not counted: the index after the
 * last character that fits, never inside of one, and the bytes up to there.
 */
export function jsonHead(text: string, maxBytes: number): { end: number; bytes: number } {
  let bytes = 0;
  let index = 0;
  while (index < text.length) {
    const codePoint = text.codePointAt(index) ?? 0;
    const next = bytes + jsonBytes(codePoint);
    if (next > maxBytes) break;
    bytes = next;
    index += codePoint > 0xffff ? 2 : 1;
  }
  return { end: index, bytes };
}

function jsonBytes(codePoint: number): number {
  if (codePoint < 0x20) return [8, 9, 10, 12, 13].includes(codePoint) ? 2 : 6;
  if (codePoint === 0x22 || codePoint === 0x5c) return 2;
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) return 6;
  return codePoint < 0x10000 ? 3 : 4;
}
