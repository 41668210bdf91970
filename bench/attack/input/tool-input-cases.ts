// Point 13: a hundred kilobytes that are made to hurt block nothing for more than 200 ms, and take no more than 100
// MB.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createBuiltinTools } from "../../../src/index.js";
import { type AttackCase, areaOf, assertSetUp, type NamedAttack } from "../case.js";
import { judgeCost, measure } from "./measure.js";

/** Input of a tool: its arguments, and the file that they name. */
interface ToolInput {
  readonly name: string;
  readonly tool: string;
  readonly args: object | (() => object);
  readonly file?: () => string;
}

const KILOBYTES = 100_000;
/** The maximum length of an expression. */
const EXPRESSION = 19_900;
const csv = (name: string, file: () => string, query: object = {}): ToolInput => ({
  name: `CSV: ${name}`,
  tool: "csv_query",
  args: { path: "data", ...query },
  file,
});
const json = (name: string, file: () => string, query: object = { limit: 100_000 }): ToolInput => ({
  name: `JSON: ${name}`,
  tool: "json_query",
  args: { path: "data", ...query },
  file,
});
const text = (name: string, make: () => string): ToolInput => ({
  name: `Text: ${name}`,
  tool: "text_stats",
  args: () => ({ text: make() }),
});
const sum = (name: string, make: () => string): ToolInput => ({
  name: `Calculation: ${name}`,
  tool: "calculator",
  args: () => ({ expression: make() }),
});
const date = (name: string, args: () => object): ToolInput => ({
  name: `Date: ${name}`,
  tool: "date_math",
  args,
});
const fill = (part: string, length = KILOBYTES) =>
  part.repeat(Math.ceil(length / part.length)).slice(0, length);
const rows = (count: number, row: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => row(index)).join("\n");
const list = (count: number, item: (index: number) => string) =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join(",")}]`;

/** Sorting them within their letter takes quadratic time. */
const marks = fill("\u0301", 25_000) + fill("\u0323", 25_000);

const inputs: readonly ToolInput[] = [
  csv("one row of 60,000 cells", () => `a\n${fill(",", 60_000)}x`),
  csv(
    "a row of 50,000 cells and 25,000 short ones",
    () => `a\n${fill(",", 50_000)}x\n${fill("1\n", 50_000)}`,
  ),
  csv("60,000 columns of the same name", () => fill("a,", 120_000)),
  csv("60,000 columns of the same name, and a row", () => `${fill("a,", 120_000)}a\n1`),
  csv(
    "30,000 columns of names that get numbers",
    () => `${rows(15_000, (index) => `a,a_${index}`).replaceAll("\n", ",")}\n1`,
  ),
  csv(
    "a thousand columns and a thousand rows of commas",
    () => `${fill("a,", 2_000)}\n${fill(`${fill(",", 90)}1\n`)}`,
  ),
  csv("100,000 ends of lines", () => `a\n${fill("\n")}`),
  csv("100,000 quotes", () => `a\n${fill('"')}`),
  csv("a quote that is never closed", () => `a\n"${fill("b,")}`),
  csv("quotes in the first line that are never closed", () => fill('"a"b,')),
  csv("separators of four kinds", () => fill(",;\t|")),
  csv("50,000 rows in as many groups", () => `a\n${rows(16_000, String)}`, {
    groupBy: ["a"],
    aggregates: [{ op: "distinct", column: "a" }],
  }),
  csv("a thousand conditions on each of 30,000 rows", () => `a\n${fill("xy\n")}`, {
    where: Array.from({ length: 1_000 }, () => ({ column: "a", op: "contains", value: "x" })),
    limit: 1,
  }),
  csv("a thousand figures of 30,000 rows", () => `a\n${fill("12\n")}`, {
    aggregates: Array.from({ length: 1_000 }, (_, index) => ({ op: "median", column: "a", as: `m${index}` })),
  }),
  csv("a thousand columns to sort by", () => `a\n${fill("12\n")}`, {
    orderBy: Array.from({ length: 1_000 }, () => ({ column: "a" })),
    limit: 1,
  }),
  csv("numbers of 50,000 digits", () => `a\n${fill("9", 50_000)}\n${fill("9", 50_000)}`, {
    aggregates: [{ op: "sum", column: "a" }],
  }),
  csv("numbers that are almost numbers", () => `a\n${fill("1,", 50_000)}\n"${fill("1,234,", 50_000)}x"`, {
    orderBy: [{ column: "a" }],
  }),
  csv("blanks around a number", () => `a\n"${fill(" ", 50_000)}1${fill(" ", 50_000)}x"`, {
    orderBy: [{ column: "a" }],
  }),
  csv("a column's name of 100,000 letters that nearly matches", () => `${fill("a")}\n1`, {
    select: [fill("a", 99_999)],
  }),
  csv("letters with marks without end", () => `a\na${marks}\nb`, {
    where: [{ column: "a", op: "!=", value: "b" }],
    orderBy: [{ column: "a" }],
  }),
  csv(
    "one long text and many short ones, of which the least is asked for",
    () => `a\n${"!é".repeat(10_000)}\n${fill("z\n", 60_000)}`,
    {
      aggregates: Array.from({ length: 10 }, (_, index) => ({ op: "min", column: "a", as: `m${index}` })),
    },
  ),
  json("letters with marks without end", () => JSON.stringify([{ a: `a${marks}` }]), {
    groupBy: ["a"],
    aggregates: [{ op: "count" }],
  }),
  json("145 kB of records with other keys in each", () =>
    list(2_900, (index) => `{"key_${index}_a":1,"key_${index}_b":2,"key_${index}_c":3}`),
  ),
  json("records with other keys in each, in groups", () => list(5_000, (index) => `{"k${index}":${index}}`), {
    groupBy: ["k1"],
    aggregates: [{ op: "count" }],
  }),
  json("records with ten other keys in each", () =>
    list(600, (index) => `{${Array.from({ length: 12 }, (_, at) => `"k${index}_${at}":1`).join(",")}}`),
  ),
  json("50,000 lists in each other", () => fill("[", 50_000) + fill("]", 50_000)),
  json("16,000 objects in each other", () => `${fill('{"a":', 80_000)}1${fill("}", 16_000)}`),
  json(
    "one object of 10,000 keys",
    () => `{${Array.from({ length: 9_000 }, (_, index) => `"k${index}":1`).join(",")}}`,
  ),
  json(
    "an object of 3,000 objects with other keys",
    () => `{${Array.from({ length: 3_000 }, (_, index) => `"o${index}":{"k${index}":1}`).join(",")}}`,
  ),
  json("50,000 empty records", () => list(33_000, () => "{}")),
  json("a number of 100,000 digits", () => `[{"a":${fill("9")}}]`),
  json("100,000 letters of a path", () => '{"a":1}', { at: fill("a.") }),
  json("100,000 brackets of a path", () => '{"a":1}', { at: fill('["') }),
  json("keys that objects have by themselves", () =>
    list(1_000, () => '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}}}'),
  ),
  text("one word of 100,000 letters", () => fill("a")),
  text("100,000 blanks", () => fill(" ")),
  text("100,000 full stops", () => `${fill(".")}x`),
  text("full stops and brackets", () => `a${fill(".)")}x`),
  text("halves of characters", () => fill("\ud800")),
  text("ends of lines of all kinds", () => fill("\r\n\r")),
  sum("100,000 letters", () => fill("a")),
  sum("as many brackets as it may have", () => `${fill("(", EXPRESSION / 2)}1${fill(")", EXPRESSION / 2)}`),
  sum("as many sums as it may have", () => `${fill("1+", EXPRESSION)}1`),
  sum("as many signs as it may have", () => `${fill("-", EXPRESSION)}1`),
  sum("as many powers as it may have", () => `${fill("2^", EXPRESSION)}2`),
  sum("powers of one", () => `${fill("1^", EXPRESSION)}2`),
  sum("towers of powers", () => "9^9^9^9^9"),
  sum("a power with 300 digits, often", () => `${fill("9^300-", EXPRESSION)}1`),
  sum("a number as long as it may be", () => fill("9", EXPRESSION)),
  sum("products of large numbers", () => `${fill("99999999999999999999*", 280)}1`),
  sum("products that are taken back", () => `${fill("(9^150*9^150-9^300)+", EXPRESSION)}1`),
  sum("as many percents as it may have", () => `1${fill("%", EXPRESSION)}`),
  sum("percents that are added", () => `1${fill("+1%", EXPRESSION)}`),
  sum(
    "as many functions in each other as it may have",
    () => `${fill("sqrt(", EXPRESSION / 2)}1${fill(")", EXPRESSION / 10)}`,
  ),
  sum("a function of 10,000 numbers", () => `max(${fill("1,", EXPRESSION - 10)}1)`),
  sum("medians of medians", () => `${fill("median(1,", EXPRESSION / 2)}1${fill(")", EXPRESSION / 18)}`),
  sum("blanks without end", () => `1${fill(" ", EXPRESSION)}+`),
  sum("words for numbers without end", () => fill("one hundred and ", EXPRESSION)),
  date("100,000 digits", () => ({ operation: "weekday", date: fill("1") })),
  date("100,000 blanks in a date", () => ({ operation: "weekday", date: `2024-01-01${fill(" ")}x` })),
  date("an amount without end", () => ({
    operation: "add",
    date: "2024-01-01",
    amount: 1e308,
    unit: "years",
  })),
  date("a difference of all time", () => ({
    operation: "difference",
    date: "-271821-04-20",
    other: "+275760-09-13",
    unit: "minutes",
  })),
  {
    name: "Clock: a time zone of 100,000 letters",
    tool: "current_time",
    args: () => ({ timezone: fill("Europe/") }),
  },
  {
    name: "File: one line of 100,000 letters",
    tool: "read_file",
    args: { path: "data" },
    file: () => fill("x"),
  },
  { name: "File: a path of 4,000 folders", tool: "read_file", args: () => ({ path: fill("a/", 4_000) }) },
  { name: "File: a path of 100,000 dots", tool: "list_files", args: () => ({ path: fill("../") }) },
  {
    name: "File: a text that is 3,000 lists in each other",
    tool: "write_file",
    args: () => ({ path: "out", content: JSON.parse(fill("[", 3_000) + fill("]", 3_000)) }),
  },
  {
    name: "File: a text of 100,000 lists",
    tool: "write_file",
    args: () => ({ path: "out", content: JSON.parse(list(33_000, () => "[]")) }),
  },
];

/** Calls the tools that load code at their first call, because that is not part of what their input costs. */
export const toolInputCases: AttackCase[] = areaOf("hostile input", [
  ...inputs.map(toCase),
  {
    name: "File: a folder of 3,000 files",
    expected: "at most 200 ms, 100 MB",
    isAlone: true,
    deadlineMs: 5_000,
    async run({ folder }) {
      await mkdir(join(folder, "many"));
      await Promise.all(
        Array.from({ length: 3_000 }, (_, index) => writeFile(join(folder, "many", String(index)), "x")),
      );
      return judgeCost(await measure(() => callTool(folder, "list_files", { path: "many" })));
    },
  },
]);

function toCase({ name, tool, args, file }: ToolInput): NamedAttack {
  return {
    name,
    expected: "at most 200 ms, 100 MB",
    isAlone: true,
    deadlineMs: 5_000,
    async run({ folder }) {
      await writeFile(join(folder, "easy"), tool === "json_query" ? '[{"a":1}]' : "a\n1");
      await writeFile(join(folder, "data"), file?.() ?? "");
      await warmUp(folder);
      const given = typeof args === "function" ? args() : args;
      return judgeCost(await measure(() => callTool(folder, tool, given)));
    },
  };
}

/** Calls each tool once, because what is loaded at its first call is not part of what its input costs. */
async function warmUp(folder: string): Promise<void> {
  await callTool(folder, "csv_query", { path: "easy" }).catch(String);
  await callTool(folder, "json_query", { path: "easy" }).catch(String);
  await callTool(folder, "calculator", { expression: "1+1" });
  await callTool(folder, "date_math", { operation: "weekday", date: "1 January 2024" });
  await callTool(folder, "write_file", { path: "warm", content: { a: 1 } });
}

async function callTool(folder: string, name: string, args: object): Promise<unknown> {
  const tool = createBuiltinTools({ root: folder }).find((candidate) => candidate.name === name);
  assertSetUp(tool !== undefined, `there is no tool ${name}`);
  return tool.invoke({ ...args });
}
