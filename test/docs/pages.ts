import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../repository/source-files.js";

/** A page for people. */
export interface Page {
  /** Its path from the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** README, and all pages below docs. */
export function readPages(): Page[] {
  const docs = readdirSync(join(repositoryRoot, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.map((name) => `docs/${name}`)].map((path) => ({
    path,
    text: readFileSync(join(repositoryRoot, path), "utf8"),
  }));
}

/** The blocks of TypeScript on a page, each with the line it begins on. */
export function typescriptBlocks({ text }: Page): { readonly line: number; readonly code: string }[] {
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(({ index, 1: code = "" }) => ({
    line: text.slice(0, index).split("\n").length + 1,
    code,
  }));
}

/** The blocks that no check knows: every block says its language, and TypeScript is `ts`. */
export function unknownBlocks({ text }: Page): string[] {
  const opened = [...text.matchAll(/^```(.*)$/gm)].filter((_, index) => index % 2 === 0);
  return opened.flatMap(([, language = ""]) => (KNOWN.has(language) ? [] : [language]));
}

const KNOWN = new Set(["ts", "cjs", "sh", "json", "yaml", "mermaid", "text"]);

/** The links of a page that lead to a file, with the heading in it. Addresses of the web are left out. */
export function fileLinks({ text }: Page): string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) =>
    /^[a-z]+:/.test(link) ? [] : [link],
  );
}

/** The names of a page's headings, as links write them. */
export function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
