import type { RunnableConfig } from "@langchain/core/runnables";

/** How far a call has come. */
export interface ToolProgress {
  /** How much is done. It grows with each report. */
  readonly progress: number;
  /** How much there is to do, if that is known. */
  readonly total?: number;
  /** What the tool says of it. */
  readonly message?: string;
}

/** Takes a report of a call that is under way. */
export type ReportProgress = (progress: ToolProgress) => void;

/** The key under which the function travels to the tool. Both builds of this package know it. */
const REPORT = Symbol.for("planExecuteReportProgress");

/** What to add to a call's `configurable`, so that its tool can report how far it is. */
export function withProgress(report: ReportProgress): Record<symbol, unknown> {
  return { [REPORT]: report };
}

/** The function that takes a call's reports; undefined if nobody listens. */
export function reportOf({ configurable }: Pick<RunnableConfig, "configurable">): ReportProgress | undefined {
  const report: unknown = Reflect.get(configurable ?? {}, REPORT);
  return isReport(report) ? report : undefined;
}

function isReport(value: unknown): value is ReportProgress {
  return typeof value === "function";
}
