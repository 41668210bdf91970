/**
 * Lines of cells as text. Each column is as wide as its widest cell. The first columns are aligned left, the others
 * right.
 */
export function toColumns(lines: readonly (readonly string[])[], leftColumns: number): string {
  const count = Math.max(0, ...lines.map(({ length }) => length));
  const widths = Array.from({ length: count }, (_, column) =>
    lines.reduce((width, line) => Math.max(width, line[column]?.length ?? 0), 0),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          column < leftColumns ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
