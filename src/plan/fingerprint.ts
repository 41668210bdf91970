import type { JsonValue } from "./json.js";

const offsetHigh = 0xcbf29ce4;
const offsetLow = 0x84222325;
const primeLow = 0x1b3;
const primeHighShift = 8;
const word = 2 ** 32;

/** One text for equal JSON values, whatever the order of their keys. */
export function stableStringify(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stableStringify).join(",")}]`;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${stableStringify(entry)}`).join(",")}}`;
}

/** FNV-1a with 64 bits, as 16 hexadecimal digits: short and stable, no defence against an attacker. */
export function fingerprint(text: string): string {
  let high = offsetHigh;
  let low = offsetLow;
  for (const byte of new TextEncoder().encode(text)) {
    low = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3; two words keep every product below 2^53, where numbers are exact.
    const product = low * primeLow;
    high = (high * primeLow + Math.floor(product / word) + ((low << primeHighShift) >>> 0)) % word;
    low = product % word;
  }
  return toHex(high) + toHex(low);
}

/** The fingerprint of a step's arguments: equal for equal arguments, whatever the order of their keys. */
export function hashArgs(args: Readonly<Record<string, JsonValue>> | undefined): string {
  return fingerprint(args === undefined ? "" : stableStringify(args));
}

function toHex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
