import type { SummaryWish } from "../goal/pipeline-goal.js";
import { toTableName } from "../goal/words.js";
import type { Operation } from "../transform/operations.js";
import { type Dimension, findDimension } from "./find-dimension.js";
import { addMeasure, findMeasure, type Measures } from "./find-measure.js";
import { type Relation, waysFrom } from "./relations.js";
import { type Need, SummaryBuilder } from "./summary-builder.js";
import { isNamed, type TableCard } from "./table-card.js";

/** A summary as it is worked out. */
export interface SummaryDesign {
  readonly table: string;
  readonly base: TableCard;
  /** All tables that it reads. */
  readonly reads: readonly TableCard[];
  readonly operations: readonly Operation[];
  readonly needs: readonly Need[];
  readonly key: readonly string[];
}

/** What the tables are called at the moment when the summary is worked out. */
export type DatasetOf = (card: TableCard) => string;

/** How a summary is worked out of these tables, or why it cannot be. */
export function designSummary(
  wish: SummaryWish,
  tables: readonly TableCard[],
  relations: readonly Relation[],
  measures: Measures,
  datasetOf: DatasetOf,
): SummaryDesign | string {
  const named = `${wish.measure} by ${wish.dimensions.join(" and ")}`;
  let problem = `I do not know what "${wish.measure}" is: no table has a column of that name. Name a column, or declare the measure in rules.json.`;
  for (const base of tables) {
    const ways = waysFrom(base, relations);
    const isCount = (wish.by === "count" || wish.by === "distinct") && isNamed(base.table, wish.measure);
    const measure = isCount ? [] : findMeasure(wish.measure, base, ways, measures);
    if (measure === undefined) {
      continue;
    }
    const dimensions = wish.dimensions.map((words) => findDimension(words, base, ways));
    const missing = wish.dimensions.filter((_, index) => dimensions[index] === undefined);
    if (missing.length > 0) {
      problem = `I cannot work out ${named}: nothing that ${base.table} leads to is called "${missing.join('", "')}".`;
      continue;
    }
    const builder = new SummaryBuilder(base, datasetOf);
    const source = isCount ? undefined : addMeasure(builder, measure, toTableName(wish.measure));
    return finish(
      wish,
      builder,
      source,
      dimensions.flatMap((dimension) => dimension ?? []),
      datasetOf,
    );
  }
  return problem;
}

function finish(
  wish: SummaryWish,
  builder: SummaryBuilder,
  source: string | undefined,
  dimensions: readonly Dimension[],
  datasetOf: DatasetOf,
): SummaryDesign {
  const by = dimensions.map((dimension) => dimension.add(builder));
  const as = freeName(measureName(wish), by);
  const measure = { as, by: wish.by, ...(source !== undefined && { column: source }) };
  const operations: Operation[] = [...builder.operations, { op: "aggregate", by, measures: [measure] }];
  const taken = new Set([...by, as].map((name) => name.toLowerCase()));
  const columns = [...by];
  for (const [index, { named }] of dimensions.entries()) {
    const left = by[index];
    if (named === undefined || left === undefined) {
      continue;
    }
    const { relation, label } = named;
    const name = freeName(label, [...taken]);
    taken.add(name.toLowerCase());
    operations.push({
      op: "join",
      dataset: datasetOf(relation.to),
      on: [{ left, right: relation.key }],
      columns: [name === label ? { column: label } : { column: label, as: name }],
    });
    builder.needPartner(relation);
    columns.splice(columns.indexOf(left) + 1, 0, name);
  }
  if (columns.length > by.length) {
    operations.push({ op: "select", columns: [...columns, as] });
  }
  const table = wish.table ?? toTableName(`${measureName(wish)} by ${wish.dimensions.join(" and ")}`);
  return { table, base: builder.base, reads: builder.reads, operations, needs: builder.needs, key: by };
}

/** Sums go by the measure's own name, others say what they are. */
function measureName({ measure, by }: SummaryWish): string {
  const name = toTableName(measure);
  return by === "sum" ? name : by === "count" || by === "distinct" ? `number_of_${name}` : `${by}_${name}`;
}

function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  const lower = new Set(taken.map((each) => each.toLowerCase()));
  for (let number = 2; lower.has(free.toLowerCase()); number += 1) {
    free = `${name}_${number}`;
  }
  return free;
}
