import type { JsonValue } from "langgraph-plan-execute";
import type { Column, Raw } from "./cell.js";

/** What is known of a dataset. */
export interface Dataset {
  /** Its handle. */
  readonly name: string;
  /** The table whose rows these are, whatever was repaired or taken out. */
  readonly table: string;
  readonly columns: readonly Column[];
  readonly rows: number;
  /** What made it: "extract", "repair", … */
  readonly madeBy: string;
  /** The dataset that it was made of. */
  readonly parent?: string;
  /** Whether its last validation passed; undefined where there was none. */
  readonly isValid?: boolean;
}

/** A row of a dataset. */
export interface StagedRow {
  /** Its number in the source. */
  readonly row: number;
  readonly values: readonly Raw[];
  readonly fault?: string;
}

/** What is wrong with one value, or with a row. */
export interface Fault {
  /** The row's place in the dataset, from 0. */
  readonly position: number;
  /** The column's place; undefined where it is the row. */
  readonly column?: number;
  readonly check: string;
  readonly reason: string;
  /** What the value may be replaced by. */
  readonly repaired?: Raw;
}

/** A dataset to be kept. */
export interface NewDataset extends Omit<Dataset, "rows" | "isValid"> {
  readonly content: readonly StagedRow[];
  /** Faults of the parent that are still there. */
  readonly faults?: readonly Fault[];
  /** Rows of the parent that are not in it, and why. */
  readonly quarantined?: readonly { readonly row: StagedRow; readonly reason: string }[];
}

/** A row that was taken out. */
export interface QuarantinedRow {
  readonly table: string;
  readonly source: string;
  readonly row: number;
  readonly reason: string;
  /** Its values by column, as JSON. */
  readonly content: string;
}

/** Something that was done, for the report. */
export interface Entry {
  readonly kind: string;
  readonly subject: string;
  readonly details: JsonValue;
}
