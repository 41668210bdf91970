import type { Report, ReportTable } from "./report.js";

/** A report as Markdown. */
export function toMarkdown({ title, sections }: Report): string {
  const parts = sections.map(({ heading, lines, table }) =>
    [
      `## ${heading}`,
      ...(lines.length === 0 ? [] : [lines.map((line) => `- ${oneLine(line)}`).join("\n")]),
      ...(table === undefined ? [] : [toTable(table)]),
    ].join("\n\n"),
  );
  return `${[`# ${title}`, ...parts].join("\n\n")}\n`;
}

function toTable({ columns, rows }: ReportTable): string {
  const rule = columns.map(() => "---");
  return [columns, rule, ...rows].map((cells) => `| ${cells.map(toCell).join(" | ")} |`).join("\n");
}

function toCell(text: string): string {
  return oneLine(text).replaceAll("|", "\\|");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
