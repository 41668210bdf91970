import type { Architecture } from "./architectures/architecture.js";
import { boundOf } from "./bound.js";
import type { Measured } from "./run-one.js";
import type { Work } from "./work.js";

/** Our name among the architectures. */
export const OURS = "ours";

/** What one architecture took for one work, as it is printed and kept. */
export interface SummaryRow {
  readonly architecture: string;
  readonly models: Architecture["models"];
  readonly seconds: number;
  readonly timesBound: number;
  readonly calls: number;
  readonly inputTokens: number;
  /** The part of the input that began an earlier call of the same run. */
  readonly repeatedTokens: number;
  readonly outputTokens: number;
  readonly usdFor1000: number;
}

/** One work, with its bound on either model and what every architecture took. */
export interface WorkSummary {
  readonly work: string;
  readonly about: string;
  readonly shape: Work["shape"];
  readonly boundS: Readonly<Record<Architecture["models"], number>>;
  readonly rows: readonly SummaryRow[];
}

/** Summarizes the measurements of a work, in the order of the architectures. */
export function summarize(
  work: Work,
  measured: readonly Measured[],
  architectures: readonly Architecture[],
): WorkSummary {
  const of = measured.filter((one) => one.work === work.name);
  const find = (name: string, models: Architecture["models"]) => {
    const found = of.find((one) => one.architecture === name && one.models === models);
    if (found === undefined) {
      throw new Error(`${work.name}: ${name} on the ${models} model did not run.`);
    }
    return found;
  };
  const boundS = {
    large: boundOf(work, find(OURS, "large").calls),
    small: boundOf(work, find(OURS, "small").calls),
  };
  const rows = architectures.map(({ name, models }): SummaryRow => {
    const { seconds, calls, usdFor1000 } = find(name, models);
    const sum = (count: (call: (typeof calls)[number]) => number) =>
      calls.reduce((total, call) => total + count(call), 0);
    return {
      architecture: name,
      models,
      seconds: round(seconds, 3),
      timesBound: round(seconds / boundS[models], 3),
      calls: calls.length,
      inputTokens: sum(({ inputTokens }) => inputTokens),
      repeatedTokens: sum(({ repeatedTokens }) => repeatedTokens),
      outputTokens: sum(({ outputTokens }) => outputTokens),
      usdFor1000: round(usdFor1000, 4),
    };
  });
  return { work: work.name, about: work.about, shape: work.shape, boundS, rows };
}

/** The row of an architecture. Throws if there is none. */
export function rowOf({ work, rows }: WorkSummary, name: string, models: Architecture["models"]): SummaryRow {
  const row = rows.find((one) => one.architecture === name && one.models === models);
  if (row === undefined) {
    throw new Error(`${work}: there is no row of ${name} on the ${models} model.`);
  }
  return row;
}

/** The rows of everything that is not ours. */
export function peersIn({ rows }: WorkSummary): readonly SummaryRow[] {
  return rows.filter(({ architecture }) => !architecture.startsWith(OURS));
}

/** Rounds a number to this many decimal places. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
