import type { Estimate } from "./intervals.js";
import type { Row } from "./summary.js";

const HEADINGS = [
  "suite",
  "agent",
  "right",
  "95 %",
  "raw",
  "wrong, said done",
  "calls",
  "tokens in",
  "tokens out",
  "tokens a task, 95 %",
  "dollars",
  "seconds",
  "seconds a task, 95 %",
  "repairs",
  "replans",
];

/** Writes rows as a table in Markdown. */
export function toTable(rows: readonly Row[]): string {
  const lines = [HEADINGS, HEADINGS.map(() => "---"), ...rows.map(toCells)];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function toCells(row: Row): readonly string[] {
  const percent = ({ low, high }: Estimate) => `${Math.round(low * 100)} to ${Math.round(high * 100)} %`;
  const range = ({ value, low, high }: Estimate) => `${whole(value)} (${whole(low)} to ${whole(high)})`;
  return [
    row.suite,
    row.agent,
    `${row.right} of ${row.tasks}`,
    percent(row.share),
    String(row.raw),
    String(row.silent),
    whole(row.calls),
    whole(row.inputTokens),
    whole(row.outputTokens),
    range(row.tokensPerTask),
    row.costUsd === null ? "not known" : row.costUsd.toFixed(4),
    whole(row.seconds),
    range(row.secondsPerTask),
    String(row.repairs),
    String(row.replans),
  ];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en");
}
