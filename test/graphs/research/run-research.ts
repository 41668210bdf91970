import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGraph, type ResearchOptions } from "../../../graphs/research.js";

/** The folder of the example's documents. */
export const exampleFolder = fileURLToPath(new URL("../../../graphs/research/data", import.meta.url));

const folders: string[] = [];

/** A folder with these documents. */
export function writeDocuments(documents: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-research-"));
  folders.push(folder);
  for (const [name, content] of Object.entries(documents)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Removes what `writeDocuments` wrote. */
export function removeDocuments(): void {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run of the graph with the offline model. */
export function research(goal: string, options: ResearchOptions = {}) {
  return createGraph({ model: "offline", ...options }).invoke({ input: goal });
}

/** A source in the list at the end of an answer. */
export interface Cited {
  readonly number: number;
  readonly document: string;
  /** What the file has in the lines that are named. */
  readonly passage: string;
}

/** The sources of an answer, read from the files that they name; throws where a file or a line is not there. */
export function readSources(answer: string, folder: string): Cited[] {
  const lines = answer
    .slice(answer.indexOf("Sources"))
    .matchAll(/^- \[(\d+)\] .*?\((\S+), lines? (\d+)(?:–(\d+))?/gm);
  return [...lines].map(([line, number, document = "", first, last = first]) => {
    const path = join(folder, document);
    if (!existsSync(path)) {
      throw new Error(`${line}: there is no such file`);
    }
    const text = readFileSync(path, "utf8").split("\n");
    if (Number(last) > text.length) {
      throw new Error(`${line}: there are no such lines`);
    }
    const passage = text.slice(Number(first) - 1, Number(last)).join(" ");
    // A sentence is quoted without the mark of its own source.
    return { number: Number(number), document, passage: passage.replace(/ \(see [^)]*\)/g, "") };
  });
}

/** The lines of the part of an answer under this title. */
export function linesUnder(answer: string, title: string): string[] {
  const parts = answer.split(/\n(?=\*\*[^*]+\*\*\n|## )/);
  const part = parts.find((text) => text.startsWith(`**${title}**`) || text.startsWith(`## ${title}`));
  return part?.split("\n").filter((line) => line.startsWith("- ")) ?? [];
}

/** What is wrong with the citations of an answer: marks without a source, sources without a mark, quotations that no cited passage has. */
export function findBadCitations(answer: string, folder: string): string[] {
  const sources = readSources(answer, folder);
  const passageOf = (mark: string) => sources.find(({ number }) => number === Number(mark))?.passage;
  const [body = ""] = answer.split(/\n(?:\*\*|## )Sources/);
  const marks = [...body.matchAll(/\[(\d+)\]/g)].map(([, mark = ""]) => mark);
  const unknown = marks
    .filter((mark) => passageOf(mark) === undefined)
    .map((mark) => `[${mark}] is not listed`);
  const unused = sources
    .filter(({ number }) => !marks.includes(String(number)))
    .map(({ number }) => `[${number}] is not used`);
  const quoted = [...body.matchAll(/“([^”]+)”(?:, said in)? ((?:\[\d+\])+)(?: \(as \[(\d+)\] says\))?/g)];
  const wrong = quoted.flatMap(([whole, quote = "", cited = "", via]) => {
    const own = via === undefined ? [...cited.matchAll(/\d+/g)].map(String) : [via];
    const isThere = own.some((mark) => passageOf(mark)?.includes(quote));
    const numbers = quote.match(/\d[\d,.]*\d|\d/g) ?? [];
    const isShared = own.every((mark) => numbers.every((number) => passageOf(mark)?.includes(number)));
    return isThere && isShared ? [] : [`${whole} is not in what it cites`];
  });
  const unmarked = body.split("\n").filter((line) => line.startsWith("- “") && !/\[\d+\]/.test(line));
  return [...unknown, ...unused, ...wrong, ...unmarked];
}
