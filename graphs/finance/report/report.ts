/** A table of a report: its columns' names, and its rows. */
export interface ReportTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of a report. */
export interface ReportSection {
  readonly heading: string;
  readonly lines: readonly string[];
  readonly table?: ReportTable;
}

/** A report, before it is written in one form or another. */
export interface Report {
  readonly title: string;
  readonly sections: readonly ReportSection[];
}
