import { toColumns } from "../columns.js";
import type { AttackCase, Verdict } from "./case.js";

/** A case and its result. */
export interface AttackRow {
  readonly attack: AttackCase;
  readonly verdict: Verdict;
  /** How long it took. */
  readonly seconds: number;
}

const headings = ["", "area", "case", "expected", "got"] as const;
const MAX_GOT = 100;

/** The rows as a table, area by area. */
export function toTable(rows: readonly AttackRow[]): string {
  const lines = rows.map(({ attack: { area, name, expected }, verdict: { isHeld, got } }) => [
    isHeld ? "held" : "FELL",
    area,
    name,
    expected,
    toLine(got),
  ]);
  return toColumns([headings, ...lines], headings.length);
}

/** How many cases each area has, how many of them fell, and how long they took. */
export function toSums(rows: readonly AttackRow[]): string {
  const areas = [...new Set(rows.map(({ attack }) => attack.area))];
  const lines = areas.map((area) => {
    const ofArea = rows.filter(({ attack }) => attack.area === area);
    const fell = ofArea.filter(({ verdict }) => !verdict.isHeld).length;
    const seconds = ofArea.reduce((sum, row) => sum + row.seconds, 0);
    return [area, String(ofArea.length), String(fell), seconds.toFixed(1)];
  });
  return toColumns([["area", "cases", "fell", "seconds"], ...lines], 1);
}

function toLine(text: string): string {
  const line = text.replaceAll(/[\s\p{C}]+/gu, " ").trim();
  return line.length <= MAX_GOT ? line : `${line.slice(0, MAX_GOT - 1)}…`;
}
