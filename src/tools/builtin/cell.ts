/**
 * One value of a table, and what it is as a number.
 *
 * Text is a number where it is written as one: `42`, `-3.5`, `1,234.50`, `1 234`, `1.234,50`, `12,5`, `1.5e-3`,
 * with a currency sign before or after it (`$5`, `5 €`), or a percent sign (`12%` is 12: whoever asks for more
 * than 10 means the figures in the column). It is none where a leading zero or a bare exponent makes it a code (`007`, `12E4`), or where
 * it is a whole number of more digits than a number holds. `1,234` is a thousand and some, `1.234` one and some.
 */
import type { JsonValue } from "../../plan/index.js";

/** One value of a table. */
export type Cell = JsonValue;

const NUMBER_FORMS: readonly (readonly [pattern: RegExp, toPlain: (text: string) => string])[] = [
  [/^(0|[1-9]\d*)?(\.\d+)?(e[+-]\d{1,3})?$/i, (text) => text],
  [/^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/, (text) => text.replaceAll(",", "")],
  [
    /^[1-9]\d{0,2}([ \u00a0\u202f']\d{3})+([.,]\d+)?$/,
    (text) => text.replace(/[ \u00a0\u202f']/g, "").replace(",", "."),
  ],
  [/^[1-9]\d{0,2}(\.\d{3})+,\d+$/, (text) => text.replaceAll(".", "").replace(",", ".")],
  [/^(0|[1-9]\d*),\d{1,2}$/, (text) => text.replace(",", ".")],
];

/** What a cell is as a number; undefined where it is none. */
export function cellNumber(cell: Cell): number | undefined {
  if (typeof cell === "number") return cell;
  if (typeof cell !== "string" || cell.length > 40) return undefined;
  const bare = cell
    .trim()
    .replace(/^([+-]?)\s*\p{Sc}\s*/u, "$1")
    .replace(/\s*(\p{Sc}|%)$/u, "");
  return plainNumber(bare);
}

/** The cell that a text is in a file without types: empty is null, a number without a unit is a number. */
export function cellFromText(text: string): Cell {
  return text.trim() === "" ? null : (plainNumber(text.trim()) ?? text);
}

/** Whether a cell holds nothing: null, or text of spaces. */
export function isEmptyCell(cell: Cell): boolean {
  return cell === null || (typeof cell === "string" && cell.trim() === "");
}

/** A cell as text. */
export function cellText(cell: Cell): string {
  if (typeof cell === "string") return cell.trim();
  return cell === null ? "" : typeof cell === "object" ? JSON.stringify(cell) : String(cell);
}

/** A cell as it counts in comparisons: text without regard to upper and lower case, numbers by their value. */
export function cellKey(cell: Cell): string {
  const number = cellNumber(cell);
  return number === undefined ? cellText(cell).normalize("NFC").toLowerCase() : String(number);
}

/** Which of two cells comes first: numbers by value, text by the alphabet; numbers come before text. */
export function compareCells(a: Cell, b: Cell): number {
  const numberA = cellNumber(a);
  const numberB = cellNumber(b);
  if (numberA !== undefined && numberB !== undefined) return numberA - numberB;
  if (numberA !== undefined) return -1;
  if (numberB !== undefined) return 1;
  const keyA = cellKey(a);
  const keyB = cellKey(b);
  return keyA < keyB ? -1 : keyA > keyB ? 1 : 0;
}

function plainNumber(text: string): number | undefined {
  const sign = /^[+-]/.exec(text)?.[0] ?? "";
  const digits = text.slice(sign.length);
  if (!/^[\d.]/.test(digits)) return undefined;
  const form = NUMBER_FORMS.find(([pattern]) => pattern.test(digits));
  if (form === undefined) return undefined;
  const value = Number(form[1](digits));
  const isTooLong = /^[\d,]+$/.test(digits) && value > Number.MAX_SAFE_INTEGER;
  if (!Number.isFinite(value) || isTooLong) return undefined;
  return sign === "-" ? 0 - value : value;
}
