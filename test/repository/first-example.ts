/** The first block of TypeScript or JavaScript in a Markdown text, as a module's text and its file's ending. */
export function firstExample(markdown: string): { text: string; extension: "mts" | "mjs" } | undefined {
  const [, language, text] = /^```(ts|typescript|js|javascript)\b.*\n([\s\S]*?)^```$/m.exec(markdown) ?? [];
  if (language === undefined || text === undefined) {
    return undefined;
  }
  return { text, extension: language.startsWith("t") ? "mts" : "mjs" };
}
