import type { Said } from "../world/goals.js";

/** Whether a text holds what it must. A number may be written as 1250, 1,250 or 1250.00. */
export function holds(text: string, said: Said): boolean {
  if (typeof said === "number") {
    return numbersIn(text).some((found) => Math.abs(found - said) < 1e-6);
  }
  if (typeof said === "string") {
    return plain(text).includes(plain(said));
  }
  return said.some((one) => holds(text, one));
}

/** The numbers in a text. */
export function numbersIn(text: string): readonly number[] {
  // A full stop or a comma counts only between digits. Three digits after a comma are thousands, others are decimals.
  const written = text.match(/-?\d+(?:[.,]\d+)*/g) ?? [];
  return written.map((one) => Number(one.replace(/,(?=\d{3}(?!\d))/g, "").replace(/,(?=\d+$)/, ".")));
}

/** Without case, accents of typography, and marks that only lay out. */
function plain(text: string): string {
  return text.toLowerCase().replaceAll(/[*_`]/g, "").replaceAll(/[’‘]/g, "'").replaceAll(/\s+/g, " ");
}
