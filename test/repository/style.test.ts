import { describe, expect, it } from "vitest";
import { parseSource, readSourceFiles } from "./source-files.js";
import { findSkippedTests, findStyleBreaks } from "./style-rules.js";

describe("src and graphs", () => {
  it("keeps to house style: no any, double cast, suppression, default export, export *, console, long file", () => {
    expect(readSourceFiles("src", "graphs").flatMap(findStyleBreaks)).toEqual([]);
  });
});

describe("the tests", () => {
  it("all run", () => {
    expect(readSourceFiles("test").flatMap(findSkippedTests)).toEqual([]);
  });
});

describe("the rules of style", () => {
  const breaks = (text: string, path = "src/plan/a.ts") => findStyleBreaks(parseSource(path, text));

  it.each([
    ["const A: any = 1;", "any"],
    ["const a = b as unknown as string;", "as unknown as"],
    ["const a = (b as unknown) as string;", "as unknown as"],
    ["// @ts-expect-error later", "suppression"],
    ["/* biome-ignore lint: later */", "suppression"],
    ["export default 1;", "default export"],
    ["export default function a() {}", "default export"],
    ["const A = 1; export { A as default };", "default export"],
    ['export * from "./b.js";', "export *"],
    ['export * as b from "./b.js";', "export *"],
    ["console.log(1);", "console outside src/cli"],
    [
      "AbortSignal.any([a, b]);",
      "AbortSignal's own links and deadlines: base has linkSignal and startDeadline",
    ],
    ["export const most = 12;", "constant most: write it in UPPER_CASE"],
    ["const names = new Set([1]);", "constant names: write it in UPPER_CASE"],
  ])("see %s", (text, what) => {
    expect(breaks(text)).toEqual([`src/plan/a.ts:1 ${what}`]);
  });

  it.each([
    ['import { CsvError } from "csv-parse";\nif (a instanceof CsvError) {}', "CsvError"],
    ['import { z } from "zod";\nif (!(a instanceof z.ZodError)) {}', "z.ZodError"],
    ['import * as core from "@langchain/core/messages";\na(b instanceof core.AIMessage);', "core.AIMessage"],
    ['import Pool from "pg";\nz.instanceof(Pool);', "Pool"],
  ])("see a value held against a class of a package: %s", (text, name) => {
    expect(breaks(text)).toEqual([
      `src/plan/a.ts:2 instanceof ${name}: two copies of its package may be loaded, so ask isOfClass`,
    ]);
  });

  it("let pass a class of ours, of Node and of the language", () => {
    const text =
      'import { Own } from "./own.js";\nimport { EventEmitter } from "node:events";\na(b instanceof Own, b instanceof EventEmitter, b instanceof Map, z.instanceof(Uint8Array));';
    expect(breaks(text)).toEqual([]);
  });

  it("see a file of more than 300 lines, a last line end not counted", () => {
    expect(breaks("a;\n".repeat(300))).toEqual([]);
    expect(breaks("a;\n".repeat(301))).toEqual(["src/plan/a.ts has 301 lines"]);
    expect(breaks("a;\n".repeat(550), "graphs/a.ts")).toEqual([]);
    expect(breaks("a;\n".repeat(301), "graphs/shared/a.ts")).toEqual(["graphs/shared/a.ts has 301 lines"]);
  });

  it("let pass what only looks like it", () => {
    const text =
      'switch (a) { default: b("any console.log"); }\nconst c = d as unknown;\nexport { a };\nconst examples = [];';
    expect(breaks(text)).toEqual([]);
    expect(breaks("console.log(1);", "src/cli/a.ts")).toEqual([]);
  });

  it("see a write that does not go through what writes out controls", () => {
    expect(breaks("stderr.write(a);", "src/cli/a.ts")).toEqual([
      "src/cli/a.ts:1 write without src/cli/write.ts",
    ]);
    expect(breaks("stderr.write(a);", "src/cli/showing/screen.ts")).toEqual([]);
  });

  it("see tests that are left out, and no other skip", () => {
    const text = 'it.skip("a");\ndescribe.each([1]).only("b");\nit.skipIf(true)("c");\ncursor.skip("d");';
    const found = findSkippedTests(parseSource("test/a.test.ts", text));
    expect(found.map((violation) => violation.split(" ")[0])).toEqual([
      "test/a.test.ts:1",
      "test/a.test.ts:2",
      "test/a.test.ts:3",
    ]);
  });
});
