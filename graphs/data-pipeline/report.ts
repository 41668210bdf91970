import type { JsonValue } from "langgraph-plan-execute";
import { z } from "zod";
import type { Dataset, Entry } from "./dataset.js";
import { groupBy } from "./group-by.js";
import type { Staging } from "./staging.js";

const validationSchema = z.object({
  rows: z.number(),
  checks: z.number(),
  badRows: z.number(),
  failed: z.array(z.object({ check: z.string(), rows: z.number(), examples: z.array(z.string()) })),
});
const loadSchema = z.object({
  database: z.string(),
  tables: z.array(
    z.object({
      table: z.string(),
      rowsBefore: z.number(),
      loaded: z.number(),
      replaced: z.number(),
      rowsAfter: z.number(),
    }),
  ),
});
const repairSchema = z.object({ repaired: z.number() });
const transformSchema = z.object({ operations: z.array(z.string()), rows: z.number() });

/** How many rows with one reason are named. */
const MAX_ROWS = 10;

/** A run in Markdown: rows in and out, what was repaired, what was quarantined and why, which checks passed and failed. */
export function writeReport(staging: Staging): string {
  const datasets = staging.list();
  const sections = [
    describeLoads(staging.entries("load")),
    describeSources(staging, datasets),
    describeTransforms(staging.entries("transform")),
    describeChecks(staging.entries("validate")),
    describeQuarantine(staging),
    describeWarnings(staging.entries("warning")),
  ];
  return ["# Data pipeline", ...sections.filter((section) => section !== "")].join("\n\n");
}

function describeLoads(entries: readonly Entry[]): string {
  if (entries.length === 0) {
    return "Nothing was loaded.";
  }
  return entries
    .map(({ details }) => {
      const { database, tables } = loadSchema.parse(details);
      const rows = tables.map((each) => [
        each.table,
        each.rowsBefore,
        each.loaded,
        each.replaced,
        each.rowsAfter,
      ]);
      return `## Loaded into ${code(database)}\n\n${table(["table", "rows before", "loaded", "replaced", "rows after"], rows)}`;
    })
    .join("\n\n");
}

function describeSources(staging: Staging, datasets: readonly Dataset[]): string {
  const files = new Map(staging.entries("extract").map(({ subject, details }) => [subject, String(details)]));
  const repairs = sumBySubject(staging.entries("repair"), (details) => repairSchema.parse(details).repaired);
  const sources = datasets.filter(({ madeBy }) => madeBy === "extract");
  const rows = sources.map((source) => {
    const line = lineOf(datasets, source);
    const repaired = line.reduce((sum, { name }) => sum + (repairs.get(name) ?? 0), 0);
    const out = line.at(-1)?.rows ?? source.rows;
    return [source.table, files.get(source.name) ?? "", source.rows, repaired, source.rows - out, out];
  });
  return `## Rows\n\n${table(["table", "source", "rows in", "values repaired", "quarantined", "rows out"], rows)}`;
}

/** A source's dataset and what became of it, in order. */
function lineOf(datasets: readonly Dataset[], first: Dataset): Dataset[] {
  const next = datasets.findLast(({ parent }) => parent === first.name);
  return next === undefined ? [first] : [first, ...lineOf(datasets, next)];
}

function describeTransforms(entries: readonly Entry[]): string {
  if (entries.length === 0) {
    return "";
  }
  const rows = entries.map(({ subject, details }) => {
    const { operations, rows: count } = transformSchema.parse(details);
    return [subject, operations.join("; "), count];
  });
  return `## Worked out\n\n${table(["table", "operations (rows in → out)", "rows"], rows)}`;
}

function describeChecks(entries: readonly Entry[]): string {
  const rows = entries.map(({ subject, details }) => {
    const { rows: count, checks, failed } = validationSchema.parse(details);
    const named = failed.map(({ check, rows: bad }) => (bad > 0 ? `${check} (${bad} rows)` : check));
    return [subject, count, checks - failed.length, failed.length, named.join(", ") || "–"];
  });
  return `## Checks\n\n${table(["dataset", "rows", "passed", "failed", "what failed"], rows)}`;
}

function describeQuarantine(staging: Staging): string {
  const rows = staging.quarantined();
  if (rows.length === 0) {
    return "";
  }
  const groups = groupBy(rows, ({ table: name, source, reason }) => JSON.stringify([name, source, reason]));
  const shown = [...groups.values()].slice(0, 50).map((group) => {
    const numbers = group.slice(0, MAX_ROWS).map(({ row }) => row);
    const more = group.length > MAX_ROWS ? `, and ${group.length - MAX_ROWS} more` : "";
    return [group[0]?.table ?? "", group[0]?.source ?? "", numbers.join(", ") + more, group[0]?.reason ?? ""];
  });
  const left = groups.size > shown.length ? `\n\nAnd ${groups.size - shown.length} further reasons.` : "";
  return `## Quarantined: ${rows.length}\n\n${table(["table", "source", "row", "reason"], shown)}${left}`;
}

function describeWarnings(entries: readonly Entry[]): string {
  if (entries.length === 0) {
    return "";
  }
  return `## Warnings\n\n${entries.map(({ subject }) => `- ${plainText(subject)}`).join("\n")}`;
}

function sumBySubject(
  entries: readonly Entry[],
  countOf: (details: JsonValue) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { subject, details } of entries) {
    sums.set(subject, (sums.get(subject) ?? 0) + countOf(details));
  }
  return sums;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map(plainText).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** What data says must not change the page that it stands on. */
function plainText(value: string | number): string {
  if (typeof value === "number") {
    return value.toLocaleString("en");
  }
  const text = value.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/[\\|<`*[\]]/g, "\\$&");
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

function code(name: string): string {
  return `\`${name.replace(/[`\p{Cc}]/gu, "")}\``;
}
