import type { Expectation } from "../expectations.js";
import type { PipelineGoal } from "../goal/pipeline-goal.js";
import type { Operation } from "../transform/operations.js";
import { designSummary, type SummaryDesign } from "./design-summary.js";
import type { Measures } from "./find-measure.js";
import { lookedUpBy, withLookedUp } from "./look-ups.js";
import { findRelations, type Relation } from "./relations.js";
import type { Need } from "./summary-builder.js";
import { findColumn, isNamed, type TableCard } from "./table-card.js";

/** A dataset that is made of others, and perhaps loaded. */
export interface MadeDesign {
  readonly dataset: string;
  readonly output: string;
  readonly operations: readonly Operation[];
}

/** A table that is loaded: which dataset, and what its rows are told apart by. */
export interface LoadDesign {
  readonly dataset: string;
  readonly table: string;
  readonly key: readonly string[];
}

/** What is done for a goal with the tables that there are. */
export interface PipelineDesign {
  /** The tables that are read. */
  readonly cards: readonly TableCard[];
  /** What each of them must satisfy beside the rules, by its dataset. */
  readonly expectations: ReadonlyMap<string, readonly Expectation[]>;
  /** Which tables are looked into where another's references are checked, by dataset. */
  readonly lookedUp: ReadonlyMap<string, readonly string[]>;
  /** In their order. */
  readonly made: readonly MadeDesign[];
  readonly loads: readonly LoadDesign[];
}

/**
 * Works out what is to be done for a goal; the first thing that cannot be done is said instead. `handleOf` tells what
 * a dataset is called since it was cleaned.
 */
export function designPipeline(
  goal: PipelineGoal,
  tables: readonly TableCard[],
  measures: Measures,
  handleOf: (dataset: string) => string,
): PipelineDesign | string {
  const relations = findRelations(tables);
  const wanted = goal.loadsSources ? tables.filter((card) => isWanted(card, goal.sources)) : [];
  const filters = designFilters(goal, tables);
  if (typeof filters === "string") {
    return filters;
  }
  const datasetOf = (card: TableCard) => {
    return handleOf(filters.has(card.dataset) ? filteredName(card) : card.dataset);
  };
  const summaries: SummaryDesign[] = [];
  for (const wish of goal.summaries) {
    const summary = designSummary(wish, tables, relations, measures, datasetOf);
    if (typeof summary === "string") {
      return summary;
    }
    summaries.push(summary);
  }
  const expected = designExpectations(goal, tables);
  if (typeof expected === "string") {
    return expected;
  }
  const renames = designRenames(goal, wanted);
  if (typeof renames === "string") {
    return renames;
  }
  const read = [...wanted, ...summaries.flatMap(({ reads }) => reads)];
  const cards = withLookedUp(read, relations, goal.checksReferences);
  const references = goal.checksReferences
    ? relations.filter(({ isDeclared }) => !isDeclared).map(toNeed)
    : [];
  const needs = [...expected, ...references, ...summaries.flatMap((summary) => summary.needs)];
  const made = [
    ...cards.flatMap((card) => {
      const operations = filters.get(card.dataset);
      const dataset = handleOf(card.dataset);
      return operations === undefined ? [] : [{ dataset, output: filteredName(card), operations }];
    }),
    ...wanted.flatMap((card) => {
      const pairs = renames.get(card.dataset);
      if (pairs === undefined) {
        return [];
      }
      return [
        {
          dataset: datasetOf(card),
          output: renamedName(card),
          operations: [{ op: "rename" as const, columns: pairs }],
        },
      ];
    }),
    ...summaries.map((summary) => ({
      dataset: datasetOf(summary.base),
      output: summaryName(summary, tables),
      operations: summary.operations,
    })),
  ];
  const loads = [
    ...wanted.map((card): LoadDesign => {
      const pairs = renames.get(card.dataset) ?? [];
      const dataset = renames.has(card.dataset) ? handleOf(renamedName(card)) : datasetOf(card);
      const isUnique = card.isKeyUnique || needs.some((need) => isUniqueNeed(need, card));
      const key = isUnique ? card.key.map((name) => pairs.find(({ from }) => from === name)?.to ?? name) : [];
      return { dataset, table: card.table, key };
    }),
    ...summaries.map((summary) => {
      return { dataset: handleOf(summaryName(summary, tables)), table: summary.table, key: summary.key };
    }),
  ];
  return {
    cards,
    expectations: new Map(cards.map((card) => [card.dataset, expectationsOf(card, needs)])),
    lookedUp: new Map(
      cards.map((card) => [
        card.dataset,
        lookedUpBy(card, relations, goal.checksReferences).map(({ dataset }) => dataset),
      ]),
    ),
    made,
    loads,
  };
}

function isWanted({ table, dataset }: TableCard, sources: readonly string[]): boolean {
  return (
    sources.length === 0 ||
    sources.some((name) => isNamed(table, name) || isNamed(dataset, name) || dataset.startsWith(name))
  );
}

function designFilters(
  { filters }: PipelineGoal,
  tables: readonly TableCard[],
): Map<string, Operation[]> | string {
  const found = new Map<string, Operation[]>();
  for (const { column: words, is, value } of filters) {
    const cards = tables.filter((card) => findColumn(card, words) !== undefined);
    if (cards.length === 0) {
      return `No table has a column "${words}", so I cannot tell which rows are meant.`;
    }
    for (const card of cards) {
      const column = findColumn(card, words)?.name ?? words;
      const operation: Operation = { op: "filter", column, is, ...(value !== undefined && { value }) };
      found.set(card.dataset, [...(found.get(card.dataset) ?? []), operation]);
    }
  }
  return found;
}

function designRenames({ renames }: PipelineGoal, cards: readonly TableCard[]) {
  const found = new Map<string, { from: string; to: string }[]>();
  for (const { from: words, to } of renames) {
    const having = cards.filter((card) => findColumn(card, words) !== undefined);
    if (having.length === 0) {
      return `No table that is loaded has a column "${words}", so it cannot be renamed.`;
    }
    for (const card of having) {
      const from = findColumn(card, words)?.name ?? words;
      found.set(card.dataset, [...(found.get(card.dataset) ?? []), { from, to }]);
    }
  }
  return found;
}

function designExpectations({ expectations }: PipelineGoal, tables: readonly TableCard[]): Need[] | string {
  const needs: Need[] = [];
  for (const { column: words, ...rule } of expectations) {
    const cards = tables.filter((card) => findColumn(card, words) !== undefined);
    if (cards.length === 0) {
      return `No table has a column "${words}", which the goal has a rule for.`;
    }
    for (const card of cards) {
      const column = findColumn(card, words);
      if (column === undefined) {
        continue;
      }
      // A column of whole numbers stays one, and one of times too.
      const isKept = column.type === "integer" || column.type === "datetime";
      const { type, ...others } = rule;
      const expectation = { column: column.name, ...others, ...(type !== undefined && !isKept && { type }) };
      needs.push({ table: card.table, expectation });
    }
  }
  return needs;
}

function toNeed({ from, column, to, key }: Relation): Need {
  return { table: from.table, expectation: { column, references: { table: to.table, column: key } } };
}

/** All that is needed of a table's columns, each column once. */
function expectationsOf(card: TableCard, needs: readonly Need[]): Expectation[] {
  const merged = new Map<string, Expectation>();
  for (const { expectation } of needs.filter(({ table }) => table === card.table)) {
    merged.set(expectation.column, { ...merged.get(expectation.column), ...expectation });
  }
  return [...merged.values()];
}

function isUniqueNeed({ table, expectation }: Need, card: TableCard): boolean {
  return table === card.table && expectation.unique === true && card.key.includes(expectation.column);
}

function filteredName({ dataset }: TableCard): string {
  return `${dataset}.filtered`;
}

function renamedName({ dataset }: TableCard): string {
  return `${dataset}.renamed`;
}

/** A summary may be called like a source. */
function summaryName({ table }: SummaryDesign, tables: readonly TableCard[]): string {
  return tables.some(({ dataset }) => dataset === table) ? `${table}.summary` : table;
}
