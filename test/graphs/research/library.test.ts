import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createLibrary } from "../../../graphs/research/library.js";
import { splitDocument } from "../../../graphs/research/split-document.js";
import { removeDocuments, writeDocuments } from "./run-research.js";

afterEach(removeDocuments);

const idsOf = async (folder: string, query: string, others: { loose?: boolean; exclude?: string[] } = {}) => {
  const { findings } = await createLibrary(folder).search({ query, limit: 5, ...others });
  return findings.map(({ id }) => id);
};

describe("a library", () => {
  const lamps = {
    "lamp.md": "# The lamp\n\nThe keeper polishes brass.\n\n## Oil\n\nThe lamp burns oil of rape.\n",
    "deep/boats.txt": "Boats\n\nThe boat brings oil and bread.\n",
    "other.csv": "oil,1\n",
    ".hidden.md": "oil oil oil\n",
  };

  it("finds the passages that fit best, with title, section and lines, in Markdown and text alone", async () => {
    const { findings } = await createLibrary(writeDocuments(lamps)).search({
      query: "lamp with oil of rape",
      limit: 5,
    });
    expect(findings).toEqual([
      {
        id: "lamp.md#L7",
        provider: "documents",
        document: "lamp.md",
        title: "The lamp",
        section: "Oil",
        lines: [7, 7],
        text: "The lamp burns oil of rape.",
      },
    ]);
  });

  it("knows forms of a word, and beginnings where that is asked for", async () => {
    const folder = writeDocuments(lamps);
    expect(await idsOf(folder, "burning oils")).toContain("lamp.md#L7");
    expect(await idsOf(folder, "keepership")).toEqual([]);
    expect(await idsOf(folder, "keepership", { loose: true })).toEqual(["lamp.md#L3"]);
    expect(await idsOf(folder, "oil", { exclude: ["lamp.md"] })).toEqual(["deep/boats.txt#L3"]);
  });

  it("finds nothing where the word that matters is nowhere", async () => {
    expect(await idsOf(writeDocuments(lamps), "oil of Atlantis")).toEqual([]);
    expect(await idsOf(writeDocuments({}), "oil")).toEqual([]);
  });

  it("takes a query as words, whatever syntax it looks like", async () => {
    const folder = writeDocuments(lamps);
    for (const query of [
      '"',
      "oil OR",
      "NEAR(",
      "title:oil*",
      "a' ; drop table passage; --",
      "{{oil}}",
      "*",
    ]) {
      expect(Array.isArray(await idsOf(folder, query))).toBe(true);
    }
    expect(await idsOf(folder, 'oil" OR "bread')).toContain("deep/boats.txt#L3");
  });

  it("is made again when a file changes, comes or goes", async () => {
    const folder = writeDocuments(lamps);
    const library = createLibrary(folder);
    const find = async (query: string) =>
      (await library.search({ query, limit: 5 })).findings.map(({ document }) => document);
    expect(await find("bread")).toEqual(["deep/boats.txt"]);
    writeFileSync(join(folder, "deep/boats.txt"), "Boats\n\nThe boat brings oil and cakes.\n");
    expect(await find("bread")).toEqual([]);
    writeFileSync(join(folder, "new.md"), "Fresh bread.\n");
    expect(await find("bread")).toEqual(["new.md"]);
    rmSync(join(folder, "new.md"));
    expect(await find("bread")).toEqual([]);
  });

  it("answers many at once", async () => {
    const library = createLibrary(writeDocuments(lamps));
    const searches = Array.from({ length: 50 }, () => library.search({ query: "bread", limit: 1 }));
    expect((await Promise.all(searches)).map(({ findings }) => findings.length)).toEqual(Array(50).fill(1));
  });

  it("does not follow a link out of its folder", async () => {
    const outside = writeDocuments({ "secret.md": "The secret oil.\n" });
    const folder = writeDocuments({ "open.md": "The open oil.\n" });
    symlinkSync(join(outside, "secret.md"), join(folder, "link.md"));
    symlinkSync(outside, join(folder, "links"));
    expect(await idsOf(folder, "oil")).toEqual(["open.md#L1"]);
  });

  it("finds a document by its name alone where there is one of that name", async () => {
    const library = createLibrary(
      writeDocuments({ "a/x.md": "One.\n", "b/y.md": "Two.\n", "c/y.md": "Three.\n" }),
    );
    const named = async (source: string) => (await library.passages(source)).map(({ id }) => id);
    expect(await named("x.md")).toEqual(["a/x.md#L1"]);
    expect(await named("../a/x.md")).toEqual(["a/x.md#L1"]);
    expect(await named("y.md")).toEqual([]);
    expect(await named("b/y.md#L1")).toEqual(["b/y.md#L1"]);
  });
});

describe("a document", () => {
  it("is split at blank lines and headings; a heading in a block of code is none", () => {
    const text = "# T\n\none\ntwo\n\n## A\n### B\nthree\n```\n# no heading\n```\n## C\nfour";
    expect(
      splitDocument("t.md", text).map(({ section, lines, text: passage }) => [section, lines, passage]),
    ).toEqual([
      [undefined, [3, 4], "one\ntwo"],
      ["A › B", [8, 11], "three\n```\n# no heading\n```"],
      ["C", [13, 13], "four"],
    ]);
  });

  it("of text has its first line as its title, if that stands alone", () => {
    const read = (text: string) =>
      splitDocument("t.txt", text).map(({ title, text: passage }) => [title, passage]);
    expect(read("Lamps\n\nThey burn.")).toEqual([["Lamps", "They burn."]]);
    expect(read("Lamps burn.\nBoats float.")).toEqual([["t", "Lamps burn.\nBoats float."]]);
    expect(read("Lamps")).toEqual([["Lamps", "Lamps"]]);
  });

  it("has passages of a size that can be cited, each with lines where it stands", () => {
    const long = Array.from({ length: 200 }, (_, at) => `Sentence number ${at} stands here.`);
    const inOneLine = splitDocument("long.txt", long.join(" "));
    expect(inOneLine.length).toBeGreaterThan(5);
    expect(new Set(inOneLine.map(({ id }) => id)).size).toBe(inOneLine.length);
    expect(inOneLine.map(({ text }) => text).join(" ")).toBe(long.join(" "));
    const inLines = splitDocument("long.md", long.join("\r\n"));
    expect(inLines.map(({ text }) => text).join("\n")).toBe(long.join("\n"));
    for (const { lines: [first, last] = [0, 0], text } of inLines) {
      expect(long.slice(first - 1, last).join("\n")).toBe(text);
      expect(text.length).toBeLessThan(1_000);
    }
  });
});
