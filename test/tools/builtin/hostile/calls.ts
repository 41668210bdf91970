// Calls of the built-in tools that are made to hurt: 100 kB of arguments, files as large as may be read, servers that
// never end. Each is refused with the number and the limit, or does its work beside everything else.

/** A call that is made to hurt. */
export interface HostileCall {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** The file that it is about, as `path` in its arguments. */
  readonly file?: { readonly path: string; readonly text: string };
  /** What comes of it, as JSON; its beginning. */
  readonly gives: RegExp;
}

const fill = (unit: string, bytes: number) => unit.repeat(Math.floor(bytes / unit.length));
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");
const many = <Value>(count: number, value: (index: number) => Value) =>
  Array.from({ length: count }, (_, index) => value(index));
const nested = (depth: number, inner: unknown) => {
  let value = inner;
  for (let level = 0; level < depth; level += 1) {
    value = [value];
  }
  return value;
};

const csv = (text: string, gives: RegExp, query: object = {}): HostileCall => ({
  tool: "csv_query",
  file: { path: "a.csv", text },
  args: { path: "a.csv", ...query },
  gives,
});
const json = (text: string, gives: RegExp, query: object = {}): HostileCall => ({
  tool: "json_query",
  file: { path: "a.json", text },
  args: { path: "a.json", ...query },
  gives,
});
const text = (value: unknown, gives: RegExp): HostileCall => ({
  tool: "text_stats",
  args: { text: value },
  gives,
});
const calculate = (expression: string, gives: RegExp): HostileCall => ({
  tool: "calculator",
  args: { expression },
  gives,
});
const weekday = (date: string, gives: RegExp): HostileCall => ({
  tool: "date_math",
  args: { operation: "weekday", date },
  gives,
});
const http = (path: string, gives: RegExp): HostileCall => ({ tool: "http_get", args: { url: path }, gives });

const first = { limit: 1 };
const column = `A\n${lines(290_000, (index) => `K${(index * 7919) % 290_000}`)}`;
/** Sorting them within their letter takes quadratic time. */
const marks = "\u0301".repeat(25_000) + "\u0323".repeat(25_000);
const longTexts = `a\n${lines(499, (index) => `${index}${"É".repeat(9_900)}`)}`;
const numbers = `a\n${lines(12_000, (index) => `${(index * 7919) % 12_000}`)}`;

/** All of them by what they do. */
export const hostileCalls: Readonly<Record<string, HostileCall>> = {
  // Tables: width, length, and what is asked of them.
  "CSV: one long row": csv(`a\n${fill(",x", 60_000)}`, /at least 30001 columns; 1000 are the most/),
  "CSV: one long row before many short ones": csv(
    `a\n${fill(",x", 60_000)}\n${fill("1\n", 40_000)}`,
    /at least 30001 columns; 1000/,
  ),
  "CSV: equal names of columns": csv(`${fill("a,", 120_000)}a\n1\n`, /at least 60001 columns; 1000/),
  "CSV: every delimiter at once": csv(
    `${fill(",;\t|", 50_000)}\n${fill(",;\t|", 50_000)}`,
    /columns; 1000 are the most/,
  ),
  "CSV: a quote that is never closed": csv(
    `a,b\n"${fill("x,\n", 100_000)}`,
    /is no CSV file: Quote Not Closed/,
  ),
  "CSV: a quote that is never closed in 10 MB": csv(
    `a,b\n"${fill("x,\n", 9_999_000)}`,
    /a row of more than 1000000 bytes/,
  ),
  "CSV: quotes in the first line": csv(fill('"a', 100_000), /is no CSV file/),
  "CSV: 10 MB of rows": csv(
    `a,b\n${fill("1,2\n", 9_999_000)}`,
    /at least 300002 cells, 150001 rows of 2 columns; 300000 are the most/,
  ),
  "CSV: 10 MB of empty cells": csv(`a,b\n${fill(",\n", 9_999_000)}`, /^{"rows":\[\],"count":0}/),
  "CSV: one name of 10 MB": csv(fill("x", 9_999_000), /a row of more than 1000000 bytes/),
  "CSV: a file of more than 10 MB": csv(fill("x", 10_000_001), /has 10000001 bytes; 10000000 are the most/),
  "CSV: NUL and a byte order mark": csv("\uFEFFa,b\n1,\u00002\n", /is no text in UTF-8/),
  "CSV: names of prototypes": csv("__proto__,constructor\n1,2\n", /"value":2/, { select: ["constructor"] }),
  "CSV: numbers that nearly are some": csv(
    `a\n${lines(2_500, () => '"1,111,111,111,111,111,111,111,111,111x"')}`,
    /"count":2500/,
    first,
  ),
  "CSV: as many rows as may be, sorted": csv(column, /^{"rows":\[{"A":"K0"}\],"count":290000/, {
    orderBy: [{ column: "a" }],
    ...first,
  }),
  "CSV: as many groups as may be": csv(column, /"count":290000}$/, {
    groupBy: ["a"],
    aggregates: [{ op: "count", as: "n" }],
    orderBy: [{ column: "n" }],
    ...first,
  }),
  "CSV: as many distinct cells as may be": csv(column, /{"distinct_A":290000}/, {
    aggregates: [{ op: "distinct" }],
  }),
  "CSV: as many rows as may be, all given": csv(column, /^{"rows":\[{"A":"K0"}/),
  "CSV: many conditions": csv(numbers, /2000 entries in "where"; 50 are the most/, {
    where: many(2_000, () => ({ column: "a", op: ">", value: 0 })),
  }),
  "CSV: many figures": csv(numbers, /2000 entries in "aggregates"; 50/, {
    aggregates: many(2_000, (index) => ({ op: "median", as: `m${index}` })),
  }),
  "CSV: many groups and orders": csv(numbers, /4000 entries in "groupBy"; 50/, {
    groupBy: many(4_000, () => "a"),
    orderBy: many(4_000, () => ({ column: "a" })),
  }),
  "CSV: many selected columns": csv(numbers, /10000 entries in "select"; 1000/, {
    select: many(10_000, () => "a"),
  }),
  "CSV: as much asked as may be": csv(numbers, /"count":1}/, {
    where: many(50, () => ({ column: "a", op: ">=", value: 0 })),
    aggregates: many(50, (index) => ({ op: "median", as: `m${index}` })),
  }),
  "CSV: a text that is hard to look for": csv(
    `a\n${fill("a", 900_000)}`,
    /has 100001 characters; 300 are the most/,
    { where: [{ column: "a", op: "contains", value: `${fill("a", 50_000)}b${fill("a", 50_000)}` }] },
  ),
  "CSV: long texts under as many conditions as may be": csv(longTexts, /^{"rows":\[{"a":"0É/, {
    where: many(50, () => ({ column: "a", op: "!=", value: "x" })),
    ...first,
  }),
  "CSV: long texts sorted as often as may be": csv(longTexts, /^{"rows":\[{"a":"0É/, {
    orderBy: many(50, () => ({ column: "a" })),
    ...first,
  }),
  "CSV: the least of many texts is a long one": csv(
    `a\n${"!é".repeat(10_000)}\n${fill("z\n", 60_000)}`,
    /"count":1/,
    { aggregates: many(50, (index) => ({ op: "min", as: `m${index}` })) },
  ),
  "CSV: letters with marks without end": csv(`a\na${marks}\nb`, /^{"rows":\[{"a":"b"}/, {
    where: [{ column: "a", op: "!=", value: `a${marks}x` }],
    orderBy: [{ column: "a", direction: "desc" }],
    ...first,
  }),
  "CSV: a name of a column that is long": csv(numbers, /There is no column/, {
    select: [fill(" -_", 100_000)],
  }),
  "JSON: other keys in each record": json(
    JSON.stringify(many(8_000, (index) => ({ [`k${index}`]: index }))),
    /at least 300304 cells, 548 rows of 548 columns; 300000 are the most/,
    first,
  ),
  "JSON: many keys in one record": json(
    JSON.stringify([Object.fromEntries(many(8_000, (index) => [`k${index}`, index]))]),
    /at least 1001 columns; 1000/,
    first,
  ),
  "JSON: twenty other keys in each record": json(
    JSON.stringify(many(400, (index) => Object.fromEntries(many(20, (key) => [`k${index}_${key}`, 1])))),
    /at least 1001 columns; 1000 are the most/,
    first,
  ),
  "JSON: a long key above many": json(
    JSON.stringify([{ [fill("k", 90_000)]: { a: 1, b: 2 } }]),
    /name has 90000 characters; 1000/,
    first,
  ),
  "JSON: 10 MB of numbers": json(`[${fill("1,", 9_999_000)}1]`, /about 4999502 values; 250000 are the most/),
  "JSON: 10 MB of objects": json(`[${fill("{},", 9_999_000)}1]`, /values; 250000/),
  "JSON: as many keys as may be": json(
    JSON.stringify(Object.fromEntries(many(240_000, (index) => [`k${index}`, index]))),
    /^{"value":{"k0":0/,
  ),
  "JSON: as many shapes as may be": json(
    JSON.stringify(many(120_000, (index) => ({ [`k${index}`]: index }))),
    /^{"value":\[{"k0":0/,
  ),
  "JSON: nesting": json(fill("[", 50_000) + fill("]", 50_000), /nested deeper than 100 levels/),
  "JSON: nesting of objects": json(
    `${fill('{"a":', 83_000)}1${fill("}", 16_600)}`,
    /nested deeper than 100 levels/,
    first,
  ),
  "JSON: nesting that is never closed": json(fill("[", 9_999_000), /nested deeper than 100 levels/),
  "JSON: 10 MB of one text": json(`"${fill("\\u0000", 9_999_000)}"`, /^{"value":"/),
  "JSON: 10 MB of blanks": json(`[${fill(" ", 9_990_000)}1]`, /^{"value":\[1\]}/),
  "JSON: halves of characters and prototypes": json(
    '[{"__proto__":{"x":1},"a":"\\ud800"}]',
    /"__proto__.x":1/,
    first,
  ),
  "JSON: letters with marks without end": json(JSON.stringify([{ a: `a${marks}` }]), /"n":1/, {
    groupBy: ["a"],
    aggregates: [{ op: "count", as: "n" }],
  }),
  "JSON: the least of many texts is a long list": json(
    JSON.stringify([{ a: many(30_000, () => 1) }, ...many(5_000, () => ({ a: "z" }))]),
    /"min_a":\[1,1/,
    { aggregates: [{ op: "min", column: "a" }] },
  ),
  "JSON: a long place": json('{"a":1}', /has nothing at "a"/, { at: fill("a.", 100_000) }),
  // Texts.
  "text: 100 kB of words": text(fill("a ", 100_000), /"words":50000/),
  "text: 10 MB of words": text(fill("a ", 10_000_000), /"words":5000000/),
  "text: ends of sentences that are none": text(
    `.${fill('"', 100_000)}a ${fill(".)", 100_000)}a`,
    /"sentences":1/,
  ),
  "text: halves of characters": text(fill("\ud800", 100_000), /"characters":100000/),
  "text: lists in lists": text(
    nested(
      90,
      many(40_000, () => 1),
    ),
    /"words":40182,/,
  ),
  "text: nesting without end": text(nested(20_000, 1), /call stack|too deep/),
  // Arithmetic.
  "calculator: 100 kB": calculate(`${fill("1+", 100_000)}1`, /has 100001 characters; 10000 are the most/),
  "calculator: a long sum": calculate(`${fill("1+", 9_990)}1`, /^4996|nested too deeply/),
  "calculator: powers of powers": calculate(`${fill("9^", 9_990)}9`, /too large|nested too deeply/),
  "calculator: products of powers": calculate(`${fill("9^300+", 9_990)}9`, /^"?\d+|nested too deeply/),
  "calculator: a number of 10,000 digits": calculate(fill("9", 9_990), /too large/),
  "calculator: signs": calculate(`${fill("-", 9_990)}1`, /nested too deeply/),
  "calculator: percent of percent": calculate(`${fill("1% of ", 9_990)}1`, /^0$/),
  "calculator: percent signs": calculate(`1${fill("%", 9_990)}`, /nested too deeply|^0$/),
  "calculator: lists in lists": calculate(
    `sum(${fill("[", 190)}${fill("1,", 9_500)}1${fill("]", 190)})`,
    /^4751$/,
  ),
  "calculator: digits in groups": calculate(`1${fill(",111", 9_990)}1`, /The comma at position 2/),
  // Dates.
  "date: 100 kB of digits": weekday(fill("1", 100_000), /has 100000 characters; 100 are the most/),
  "date: 100 kB of words": weekday(fill("January ", 100_000), /characters; 100 are the most/),
  "date: beyond all dates": {
    tool: "date_math",
    args: { operation: "add", date: "2024-01-01", amount: 1e308, unit: "years" },
    gives: /is no date/,
  },
  "date: from era to era": {
    tool: "date_math",
    args: { operation: "difference", date: "-200000-04-20", other: "+200000-09-13", unit: "minutes" },
    gives: /^210379890240$/,
  },
  "time: a zone of 100 kB": {
    tool: "current_time",
    args: { timezone: fill("A/", 100_000) },
    gives: /There is no time zone/,
  },
  // Files.
  "file: 10 MB are read": {
    tool: "read_file",
    file: { path: "a.txt", text: fill("é€😀", 4_400_000) },
    args: { path: "a.txt" },
    gives: /^"é€😀/,
  },
  "file: lists in lists are written": {
    tool: "write_file",
    args: {
      path: "w.txt",
      content: nested(
        90,
        many(40_000, () => 1),
      ),
    },
    gives: /"bytes":7416742}/,
  },
  "file: a path of 2,000 folders": {
    tool: "write_file",
    args: { path: `${fill("b/", 4_000)}x`, content: "x" },
    gives: /"bytes":1}/,
  },
  "file: a folder of many files": {
    tool: "list_files",
    args: { path: "many" },
    gives: /more than 5000 entries/,
  },
  // Pages.
  "page: a body without end": http("/endless", /"truncated":true/),
  "page: a body of single bytes": http("/bytes", /"truncated":true|took longer than 1000 ms/),
  "page: a body that trickles": http("/trickle", /took longer than 1000 ms/),
  "page: headers without end": http("/headers", /Header overflow/),
  "page: redirects without end": http("/loop", /redirected more than 3 times/),
  "page: nested JSON": http("/nested", /^{"status":200/),
  "page: JSON of many lists": http("/lists", /^{"status":200/),
  "page: a compressed body": http("/gzip", /in the encoding gzip, which is no text/),
  "page: an address of 100 kB": http(`/${fill("a", 100_000)}`, /characters; 8192 are the most/),
  "page: a host of marks without end": http(`@a${marks}.com`, /characters; 8192 are the most/),
};
