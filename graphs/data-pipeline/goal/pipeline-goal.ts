import type { Expectation } from "../expectations.js";
import type { LoadMode } from "../load/load-table.js";
import type { AGGREGATES, COMPARISONS } from "../transform/operations.js";

/** A figure for each of something: "revenue by customer". */
export interface SummaryWish {
  /** The words for what is worked out; empty where rows are counted. */
  readonly measure: string;
  readonly by: (typeof AGGREGATES)[number];
  /** The words for what it is worked out for each of. */
  readonly dimensions: readonly string[];
  /** The table it is to be called; undefined: named after the words. */
  readonly table?: string;
}

/** A condition on rows, the column in the goal's words. */
export interface FilterWish {
  readonly column: string;
  readonly is: (typeof COMPARISONS)[number];
  readonly value?: string;
}

/** What a goal asks of the pipeline. */
export interface PipelineGoal {
  /** Names of tables or files; empty: all. */
  readonly sources: readonly string[];
  /** Whether the tables themselves are loaded, or only what is worked out of them. */
  readonly loadsSources: boolean;
  readonly database: string;
  readonly summaries: readonly SummaryWish[];
  readonly filters: readonly FilterWish[];
  readonly renames: readonly { readonly from: string; readonly to: string }[];
  readonly expectations: readonly Expectation[];
  readonly mode?: LoadMode;
  readonly report?: string;
  /** Whether a failed check that no repair mends ends the run instead of taking rows out. */
  readonly isStrict: boolean;
  /** Whether references that the data suggests are enforced. */
  readonly checksReferences: boolean;
}
