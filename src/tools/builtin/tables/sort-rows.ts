// Sorts rows by columns. Empty cells come last in either direction, numbers by value come before text, and
// text is in alphabetical order. The sort keys are computed once per cell, not once per comparison.
import { ROUNDS_A_PAUSE, Rounds, type Sliced } from "../in-slices.js";
import { cellAt, cellKey, cellNumber, isEmptyCell, type Table } from "./table.js";

/** A column to sort by. */
export interface SortColumn {
  readonly column: number;
  readonly isDescending: boolean;
}

/** The sort keys of one column. A cell with neither number nor text is empty. */
interface SortKeys {
  readonly numbers: Float64Array;
  readonly texts: readonly (string | undefined)[];
  readonly sign: 1 | -1;
}

/** Rows to sort at once. */
const RUN = 2_000;

/** Sorts the rows of a table. Rows that compare equal keep their order. */
export function* sortRows(table: Table, rows: Uint32Array, by: readonly SortColumn[]): Sliced<Uint32Array> {
  if (by.length === 0) {
    return rows;
  }
  const keys: SortKeys[] = [];
  // A column that comes again decides nothing, and its texts take as much memory as the first time.
  const seen = new Set<number>();
  for (const one of by.filter(({ column }) => !seen.has(column) && seen.add(column))) {
    keys.push(yield* keysOf(table, rows, one));
  }
  const places = yield* sorted(Uint32Array.from(rows.keys()), (a, b) => compare(keys, a, b));
  return places.map((place) => rows[place] ?? 0);
}

function* keysOf(table: Table, rows: Uint32Array, { column, isDescending }: SortColumn): Sliced<SortKeys> {
  const numbers = new Float64Array(rows.length).fill(Number.NaN);
  const texts: (string | undefined)[] = [];
  const rounds = new Rounds();
  for (const [place, row] of rows.entries()) {
    const cell = cellAt(table, column, row);
    if (rounds.isPauseDue(cell)) {
      yield;
    }
    const number = cellNumber(cell);
    numbers[place] = number ?? Number.NaN;
    texts.push(number !== undefined || isEmptyCell(cell) ? undefined : cellKey(cell));
  }
  return { numbers, texts, sign: isDescending ? -1 : 1 };
}

function compare(keys: readonly SortKeys[], a: number, b: number): number {
  for (const { numbers, texts, sign } of keys) {
    const numberA = numbers[a] ?? Number.NaN;
    const numberB = numbers[b] ?? Number.NaN;
    if (numberA === numberB) {
      continue;
    }
    const textA = texts[a];
    const textB = texts[b];
    const isEmptyA = Number.isNaN(numberA) && textA === undefined;
    const isEmptyB = Number.isNaN(numberB) && textB === undefined;
    if (isEmptyA !== isEmptyB) {
      return isEmptyA ? 1 : -1;
    }
    if (textA === textB) {
      if (textA !== undefined || isEmptyA) {
        continue;
      }
      return numberA < numberB ? -sign : sign;
    }
    if (textA === undefined || textB === undefined) {
      return textA === undefined ? -sign : sign;
    }
    return textA < textB ? -sign : sign;
  }
  return 0;
}

/** This is a merge sort, because sorting all rows at once would block the process. */
function* sorted(places: Uint32Array, order: (a: number, b: number) => number): Sliced<Uint32Array> {
  yield;
  if (places.length <= RUN) {
    return places.sort(order);
  }
  const middle = Math.ceil(places.length / 2);
  const first = yield* sorted(places.subarray(0, middle), order);
  const second = yield* sorted(places.subarray(middle), order);
  const merged = new Uint32Array(places.length);
  let taken = 0;
  for (let index = 0; index < merged.length; index += 1) {
    if (index % ROUNDS_A_PAUSE === ROUNDS_A_PAUSE - 1) {
      yield;
    }
    const one = first[taken];
    const other = second[index - taken];
    const isFirst = other === undefined || (one !== undefined && order(one, other) <= 0);
    merged[index] = (isFirst ? one : other) ?? 0;
    if (isFirst) {
      taken += 1;
    }
  }
  places.set(merged);
  return places;
}
