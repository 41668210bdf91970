import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFileRoot } from "../../../src/tools/builtin/files/file-root.js";
import { Pace } from "../../../src/tools/builtin/in-slices.js";
import { createCsvQueryTool, parseCsvTable } from "../../../src/tools/builtin/tables/csv-query.js";
import type { Condition } from "../../../src/tools/builtin/tables/filter-rows.js";
import { createJsonQueryTool } from "../../../src/tools/builtin/tables/json-query.js";
import { ColumnNames, type Table } from "../../../src/tools/builtin/tables/table.js";
import { queryTable, type TableQuery } from "../../../src/tools/builtin/tables/table-query.js";
import { BuiltinToolError } from "../../../src/tools/tool-errors.js";
import { atOnce } from "../../support/at-once.js";

const SALES = `Order ID,Product,Region,Unit Price,Quantity,Order_Date,Discount
1,Lamp,North,"1,200.50",2,2024-01-05,10%
2,Chair,South,$80,5,2024-02-10,
3,lamp,North,1000,1,2024-03-15,5%
4,Desk,East,300.25,n/a,2024-03-20,0%
5,Chair,South,75,3,2024-04-01,
`;
const readCsv = (text: string, path = "t.csv") => parseCsvTable(text, path, new Pace(undefined));
const table = await readCsv(SALES, "sales.csv");
const askTable = (asked: Table, query: TableQuery) => atOnce(queryTable(asked, query));
const ask = (query: TableQuery) => askTable(table, query);
const refusal = (query: TableQuery): string => {
  try {
    ask(query);
  } catch (error) {
    if (error instanceof BuiltinToolError) {
      return `${error.code}: ${error.message}`;
    }
    throw error;
  }
  return "none";
};

describe("a question to a table", () => {
  it("names at most fifty columns in an error", async () => {
    const wide = await readCsv(Array.from({ length: 60 }, (_, index) => `c${index}`).join(","));
    expect(() => askTable(wide, { select: ["x"] })).toThrow(/"c49" and 10 more\.$/);
    const empty = { columns: new ColumnNames([]), cells: [], count: 0 };
    expect(() => askTable(empty, { select: ["x"] })).toThrow("The columns are: none.");
  });

  it("gives all rows, with numbers as numbers and empty cells as null", () => {
    const { rows, count } = ask({});
    expect(count).toBe(5);
    expect(rows[0]).toEqual({
      "Order ID": 1,
      Product: "Lamp",
      Region: "North",
      "Unit Price": 1200.5,
      Quantity: 2,
      Order_Date: "2024-01-05",
      Discount: "10%",
    });
    expect(rows[1]).toMatchObject({ "Unit Price": "$80", Discount: null });
  });

  it("works out figures over a column, and gives the value where there is one", () => {
    expect(ask({ aggregates: [{ op: "sum", column: "unit price" }] })).toEqual({
      rows: [{ "sum_Unit Price": 2655.75 }],
      count: 1,
      value: 2655.75,
    });
    const value = (op: "avg" | "min" | "max" | "median" | "count" | "distinct", column?: string) =>
      ask({ aggregates: [{ op, column }] }).value;
    expect(value("avg", "Unit Price")).toBe(531.15);
    expect(value("median", "Unit Price")).toBe(300.25);
    expect([value("min", "unit_price"), value("max", "UNIT PRICES")]).toEqual([75, 1200.5]);
    expect([value("min", "order date"), value("max", "Order-Date")]).toEqual(["2024-01-05", "2024-04-01"]);
    expect([value("count"), value("count", "Discount")]).toEqual([5, 3]);
    expect([value("distinct", "product"), value("distinct", "discount")]).toEqual([3, 3]);
    expect(value("avg", "discount")).toBe(5);
    expect(value("avg", "quantity")).toBe(2.75);
  });

  it("is empty-handed without failing where no row counts", () => {
    const nobody = { where: [{ column: "region", op: "=" as const, value: "West" }] };
    const figures = ["sum", "avg", "min", "max", "median", "count", "distinct"] as const;
    const aggregates = figures.map((op) => ({ op, column: "quantity", as: op }));
    expect(ask({ ...nobody, aggregates }).rows).toEqual([
      { sum: 0, avg: null, min: null, max: null, median: null, count: 0, distinct: 0 },
    ]);
    expect(ask(nobody)).toEqual({ rows: [], count: 0 });
    expect(ask({ ...nobody, groupBy: ["region"] })).toEqual({ rows: [], count: 0 });
  });

  it("groups by columns in the order in which they appear, whatever their case", () => {
    const answer = ask({ groupBy: ["product"], aggregates: [{ op: "sum", column: "unit price", as: "total" }, { op: "count" }] }); // biome-ignore format: short
    expect(answer).toEqual({
      rows: [
        { Product: "Lamp", total: 2200.5, count: 2 },
        { Product: "Chair", total: 155, count: 2 },
        { Product: "Desk", total: 300.25, count: 1 },
      ],
      count: 3,
    });
    expect(ask({ groupBy: ["region", "product"] }).rows).toHaveLength(3);
  });

  it("sorts by columns that are not given, by figures, and by the column a figure is over", () => {
    const best = ask({
      select: ["product"],
      orderBy: [{ column: "unit price", direction: "desc" }],
      limit: 1,
    });
    expect(best).toEqual({ rows: [{ Product: "Lamp" }], count: 5, value: "Lamp" });
    const sum = [{ op: "sum" as const, column: "unit price" }];
    for (const column of ["sum_unit_price", "unit price", "Sum Unit Prices"]) {
      const top = ask({
        groupBy: ["product"],
        aggregates: sum,
        orderBy: [{ column, direction: "desc" }],
        limit: 2,
      });
      expect(top.rows.map((row) => row.Product)).toEqual(["Lamp", "Desk"]);
    }
    const twice = ask({ orderBy: [{ column: "region" }, { column: "order id", direction: "desc" }] });
    expect(twice.rows.map((row) => row["Order ID"])).toEqual([4, 3, 1, 5, 2]);
  });

  it("puts empty cells last in either direction", () => {
    for (const direction of ["asc", "desc"] as const) {
      const rows = ask({ orderBy: [{ column: "discount", direction }] }).rows.map((row) => row.Discount);
      expect(rows.slice(3)).toEqual([null, null]);
    }
  });

  it("filters by number, by text without regard to case, by emptiness", () => {
    const ids = (column: string, op: Condition["op"], value: Condition["value"]) =>
      ask({ where: [{ column, op, value }] }).rows.map((row) => row["Order ID"]);
    expect(ids("unit price", ">", 300)).toEqual([1, 3, 4]);
    expect(ids("unit price", ">=", "$300.25")).toEqual([1, 3, 4]);
    expect(ids("unit price", "<", 80)).toEqual([5]);
    expect(ids("unit price", "<=", 80)).toEqual([2, 5]);
    expect(ids("unit price", "=", "80")).toEqual([2]);
    expect(ids("discount", ">", 5)).toEqual([1]);
    expect(ids("product", "=", "LAMP")).toEqual([1, 3]);
    expect(ids("product", "!=", "lamp")).toEqual([2, 4, 5]);
    expect(ids("product", "contains", "A")).toEqual([1, 2, 3, 5]);
    expect(ids("product", "starts-with", "ch")).toEqual([2, 5]);
    expect(ids("product", "ends-with", "K")).toEqual([4]);
    expect(ids("order date", ">=", "2024-03-15")).toEqual([3, 4, 5]);
    expect(ids("discount", "=", null)).toEqual([2, 5]);
    expect(ids("discount", "!=", null)).toEqual([1, 3, 4]);
    expect(ids("discount", "!=", "10%")).toEqual([2, 3, 4, 5]);
    expect(ids("product", ">", 5)).toEqual([]);
  });

  it("keeps figures where columns are selected beside them", () => {
    const answer = ask({
      select: ["region"],
      groupBy: ["region", "product"],
      aggregates: [{ op: "count" }],
      limit: 1,
    });
    expect(answer).toEqual({ rows: [{ Region: "North", count: 2 }], count: 3 });
  });

  it("takes nulls for fields that are left out", () => {
    const nothing = {
      select: null,
      where: null,
      groupBy: null,
      aggregates: null,
      orderBy: null,
      limit: null,
    };
    expect(ask(nothing).count).toBe(5);
    expect(ask({ ...nothing, limit: 0 })).toEqual({ rows: [], count: 5 });
  });

  it("names the columns there are where one is asked for that is not", () => {
    const names =
      'UNKNOWN_COLUMN: There is no column "price". The columns are: "Order ID", "Product", "Region", "Unit Price"';
    expect(refusal({ select: ["price"] })).toContain(names);
    expect(refusal({ where: [{ column: "price", op: "=", value: 1 }] })).toContain(names);
    expect(refusal({ groupBy: ["price"] })).toContain(names);
    expect(refusal({ aggregates: [{ op: "sum", column: "price" }] })).toContain(names);
    expect(refusal({ orderBy: [{ column: "price" }] })).toContain(names);
    expect(refusal({ groupBy: ["region"], select: ["product"] })).toContain('The columns are: "Region"');
  });

  it("says what no figure can be worked out of", () => {
    expect(refusal({ aggregates: [{ op: "sum", column: "product" }] })).toContain('"Lamp" is no number');
    expect(refusal({ aggregates: [{ op: "sum" }] })).toContain('"sum" needs a column');
  });

  it("refuses a name that may be either of two columns, unless it is exactly one of them", async () => {
    const twins = await readCsv("Order ID,order_id,x\n1,2,3\n");
    expect(() => askTable(twins, { select: ["orderid"] })).toThrow('may be any of "Order ID", "order_id"');
    expect(askTable(twins, { select: ["order_id"] }).value).toBe(2);
  });

  it("adds up to the same whether it is grouped or not", () => {
    const row = fc.record({
      g: fc.constantFrom("a", "b", "c", null),
      n: fc.integer({ min: -1e6, max: 1e6 }),
    });
    fc.assert(
      fc.property(fc.array(row), (records) => {
        const cells = [records.map(({ g }) => g), records.map(({ n }) => n)];
        const numbers = { columns: new ColumnNames(["g", "n"]), cells, count: records.length };
        const aggregates = [{ op: "sum", column: "n", as: "s" }, { op: "count" }] as const;
        const groups = askTable(numbers, { groupBy: ["g"], aggregates }).rows;
        const [whole] = askTable(numbers, { aggregates }).rows;
        const total = (key: string) => groups.reduce((sum, group) => sum + Number(group[key]), 0);
        expect(whole).toEqual({ s: total("s"), count: total("count") });
        expect(whole).toEqual({ s: records.reduce((sum, { n }) => sum + n, 0), count: records.length });
      }),
    );
  });
});

describe("a CSV text", () => {
  it.each([
    ["commas", "a,b\n1,2\n"],
    ["semicolons", "a;b\n1;2\n"],
    ["tabs", "a\tb\r\n1\t2\r\n"],
    ["bars", "a|b\n1|2"],
    ["a byte order mark", "\uFEFFa,b\n1,2\n"],
    ["quotes", '"a","b"\n"1","2"\n'],
    ["empty lines and spaces", "\n a , b \n\n1, 2\n,\n"],
  ])("is read with %s", async (_what, text) => {
    expect(askTable(await readCsv(text), {}).rows).toEqual([{ a: 1, b: 2 }]);
  });

  it("keeps commas, quotes and line ends inside of quotes", async () => {
    const { rows } = askTable(await readCsv('"x;y";b\n"1;\n""2""";3\n'), {});
    expect(rows).toEqual([{ "x;y": '1;\n"2"', b: 3 }]);
  });

  it("keeps characters whole, wherever it is taken apart to be read", async () => {
    for (const before of ["", "x", "xy", "xyz"]) {
      const cell = `${before}${"😀é".repeat(5_000)}`;
      expect(askTable(await readCsv(`a\n${cell}\n`), {}).value).toBe(cell);
    }
  });

  it("gives as many rows as an output can hold, and says where there are more", async () => {
    const rows = Array.from({ length: 150_000 }, (_, index) => index).join("\n");
    const answer = askTable(await readCsv(`a\n${rows}`), {});
    expect(answer).toMatchObject({ count: 150_000, truncated: true });
    expect(answer.rows).toHaveLength(100_000);
  });

  it("names columns without a name, and those that occur twice", async () => {
    const ragged = await readCsv("a,,a\n1,2,3,4\n5\n");
    expect(ragged.columns.all).toEqual(["a", "column_2", "a_2", "column_4"]);
    expect(askTable(ragged, {}).rows[1]).toEqual({ a: 5, column_2: null, a_2: null, column_4: null });
  });

  it("is refused where it is empty or broken", async () => {
    await expect(readCsv("")).rejects.toThrow('"t.csv" is empty');
    await expect(readCsv('a,b\n"1,2\n')).rejects.toThrow('"t.csv" is no CSV file');
  });

  it("may have a column named __proto__", async () => {
    const { rows, value } = askTable(await readCsv("__proto__,a\n5,6\n"), { select: ["a"] });
    expect([rows, value]).toEqual([[{ a: 6 }], 6]);
    expect(askTable(await readCsv("__proto__\n5\n"), { aggregates: [{ op: "sum" }] }).value).toBe(5);
  });
});

describe("the query tools", () => {
  let root: string;
  const document = {
    shop: { name: "Corner", "open hours": [9, 17] },
    orders: [
      { id: "1", amount: 10, customer: { name: "Ann", city: "Rome" }, tags: ["a"] },
      { id: "2", amount: 32.5, customer: { name: "Bob", city: "Rome" } },
      { id: "3", amount: null, customer: { name: "Cleo", city: "Oslo" } },
    ],
    stock: { lamp: { left: 3 }, desk: { left: 0 } },
  };
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "queries-"));
    await writeFile(join(root, "sales.csv"), SALES);
    await writeFile(join(root, "shop.json"), JSON.stringify(document));
    await writeFile(join(root, "list.json"), "[3, 1, 2]");
    await writeFile(join(root, "bad.json"), "{oops");
    await writeFile(join(root, "empty.json"), "{}");
    await writeFile(
      join(root, "one.json"),
      '{"name": "Ann", "age": 40, "address": {"city": {}}, "tags": null}',
    );
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  const csv = (input: object) =>
    createCsvQueryTool(createFileRoot({ root })).invoke({ path: "sales.csv", ...input });
  const json = (input: object) =>
    createJsonQueryTool(createFileRoot({ root })).invoke({ path: "shop.json", ...input });

  it("ask a CSV file", async () => {
    const query = { groupBy: ["region"], aggregates: [{ op: "sum", column: "unit_price", as: "revenue" }] };
    expect(await csv({ ...query, orderBy: [{ column: "revenue", direction: "desc" }], limit: 1 })).toEqual({
      rows: [{ Region: "North", revenue: 2200.5 }],
      count: 3,
    });
    await expect(csv({ path: "../sales.csv" })).rejects.toThrow("lies outside");
    await expect(csv({ path: "none.csv" })).rejects.toThrow("is not there");
    await expect(csv({ where: [{ column: "a", op: "like", value: "x" }] })).rejects.toThrow("schema");
  });

  it("give what stands at a place in a JSON file", async () => {
    expect(await json({})).toEqual({ value: document });
    expect(await json({ at: "shop.name" })).toEqual({ value: "Corner" });
    expect(await json({ at: 'shop["open hours"][1]' })).toEqual({ value: 17 });
    expect(await json({ at: "$.orders.1.customer.name" })).toEqual({ value: "Bob" });
    expect(await json({ at: "shop.open hours[0]" })).toEqual({ value: 9 });
    await expect(json({ at: "shop.owner" })).rejects.toThrow(
      '"shop" has nothing at "owner": it has "name", "open hours"',
    );
    await expect(json({ at: "orders[7]" })).rejects.toThrow('"orders" has nothing at "7": it is a list of 3');
    await expect(json({ at: "constructor" })).rejects.toThrow("nothing at");
    await expect(json({ at: "shop.name.length" })).rejects.toThrow(
      '"shop.name" has nothing at "length": it is "Corner"',
    );
    await expect(json({ at: "stock.desk.left.x" })).rejects.toThrow("it is 0");
    await expect(json({ path: "empty.json", at: "x" })).rejects.toThrow(
      'The document has nothing at "x": it has no keys',
    );
    await expect(json({ at: "orders.length" })).rejects.toThrow("nothing at");
    await expect(json({ at: "a..b[" })).rejects.toThrow("nothing at");
    await expect(json({ at: "orders[x" })).rejects.toThrow("is no path");
    await expect(json({ path: "bad.json" })).rejects.toThrow('"bad.json" is no JSON document');
  });

  it("ask a list of records in a JSON file, objects inside of them as columns", async () => {
    const total = { aggregates: [{ op: "sum", column: "amount" }] };
    expect(await json({ at: "orders", ...total })).toMatchObject({ value: 42.5 });
    expect(await json({ ...total })).toMatchObject({ value: 42.5 });
    const grouped = await json({ at: "orders", groupBy: ["customer.city"], aggregates: [{ op: "count" }] });
    expect(grouped).toMatchObject({ rows: [{ "customer.city": "Rome", count: 2 }, { "customer.city": "Oslo", count: 1 }] }); // biome-ignore format: short
    expect(await json({ at: "orders", select: ["id", "tags"], limit: 1 })).toEqual({ rows: [{ id: "1", tags: ["a"] }], count: 3 }); // biome-ignore format: short
    expect(await json({ at: "stock", where: [{ column: "left", op: "=", value: 0 }], select: ["key"] })).toMatchObject({ value: "desk" }); // biome-ignore format: short
    expect(await json({ path: "one.json", limit: 5 })).toEqual({
      rows: [{ name: "Ann", age: 40, "address.city": null, tags: null }],
      count: 1,
    });
    expect(await json({ at: "shop.name", limit: 5 })).toEqual({
      rows: [{ value: "Corner" }],
      count: 1,
      value: "Corner",
    });
    expect(await json({ path: "empty.json", limit: 5 })).toEqual({ rows: [{}], count: 1 });
    expect(await json({ path: "list.json", aggregates: [{ op: "max" }] })).toMatchObject({ value: 3 });
    expect(await json({ path: "list.json", orderBy: [{ column: "value" }] })).toMatchObject({ rows: [{ value: 1 }, { value: 2 }, { value: 3 }] }); // biome-ignore format: short
  });
});
