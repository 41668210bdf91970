import { plain } from "../profile.js";
import { toSingular } from "../sources.js";
import type { Relation } from "./relations.js";
import type { SummaryBuilder } from "./summary-builder.js";
import { findColumn, findLabel, isNamed, type TableCard } from "./table-card.js";

/** What a summary is grouped by. */
export interface Dimension {
  /** Puts it into the summary before rows are grouped; gives the column. */
  readonly add: (builder: SummaryBuilder) => string;
  /** The thing that the column is the key of: its name is joined when rows are grouped. */
  readonly named?: { readonly relation: Relation; readonly label: string };
}

const PERIODS: Readonly<Record<string, "year" | "quarter" | "month">> = {
  year: "year",
  quarter: "quarter",
  month: "month",
};

/** What words like customer, country or month mean from a table on; undefined where nothing there is called so. */
export function findDimension(
  words: string,
  base: TableCard,
  ways: readonly (readonly Relation[])[],
): Dimension | undefined {
  for (const way of ways) {
    const last = way.at(-1);
    if (last === undefined || !isNamed(last.to.table, words)) {
      continue;
    }
    const label = findLabel(last.to);
    return {
      add: (builder) => builder.column(way, last.key),
      ...(label !== undefined && { named: { relation: last, label: label.name } }),
    };
  }
  const key = base.key[0];
  if (isNamed(base.table, words) && key !== undefined) {
    return { add: () => key };
  }
  for (const way of ways) {
    const card = way.at(-1)?.to ?? base;
    const column = findColumn(card, words) ?? findColumn(card, `${toSingular(plain(words))}_id`);
    if (column !== undefined) {
      return { add: (builder) => builder.column(way, column.name) };
    }
  }
  return findPeriod(words, base, ways);
}

function findPeriod(
  words: string,
  base: TableCard,
  ways: readonly (readonly Relation[])[],
): Dimension | undefined {
  const period = PERIODS[toSingular(plain(words))];
  if (period === undefined) {
    return undefined;
  }
  for (const way of ways) {
    const card = way.at(-1)?.to ?? base;
    const date =
      card.columns.find(({ type }) => type === "date" || type === "datetime") ??
      // A column with a few broken days in it is still text.
      card.columns.find(({ name }) => /date|day|_at$|time/i.test(name));
    if (date === undefined) {
      continue;
    }
    return {
      add: (builder) => {
        if (date.type !== "datetime") {
          builder.need(card, { column: date.name, type: "date" });
        }
        return builder.derive(period, period, [builder.column(way, date.name)]);
      },
    };
  }
  return undefined;
}
