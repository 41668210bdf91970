/** The first block of TypeScript or JavaScript in a Markdown text. */
export function firstExample(markdown: string): string | undefined {
  return /^```(?:ts|typescript|js|javascript|mjs)\b.*\n([\s\S]*?)^```$/m.exec(markdown)?.[1];
}
