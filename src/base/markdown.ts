/** Matches what Markdown, GitHub's tables and strikes, and remark-math take for marks, wherever it stands. */
const MARK_PATTERN = /[\\`*[\]<~$|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)/gu;
/** Matches what makes a heading, a quote, a list or a rule where a line begins. */
const LEADING_MARK_PATTERN = /^(?:[#>+=-]|(\d{1,9})(?=[.)]))/;

/**
 * Writes a text as one line of Markdown that shows exactly that text. Marks are escaped only where they would act, so
 * that a client that shows plain text shows few backslashes.
 */
export function escapeMarkdown(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line
    .replaceAll(MARK_PATTERN, "\\$&")
    .replace(LEADING_MARK_PATTERN, (mark, digits?: string) =>
      digits === undefined ? `\\${mark}` : `${digits}\\`,
    );
}
