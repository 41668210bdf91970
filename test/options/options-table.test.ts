// `FROZEN=record npx vitest run test/options/options-table.test.ts` writes the table into docs/options.md.
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readRows, toTable } from "./options-table.js";

const url = new URL("../../docs/options.md", import.meta.url);
/** The one table of options, with the line before it that says whence it is. */
const TABLE = /(?<=<!-- Made of src\/options[^\n]* -->\n)\|(?:[^\n]*\|\n)+/;

const rows = readRows();

test("the table in docs is what the schema says", () => {
  const table = `${toTable(rows)}\n`;
  if (process.env.FROZEN === "record") {
    writeFileSync(
      url,
      readFileSync(url, "utf8").replace(TABLE, () => table),
    );
  }
  const page = readFileSync(url, "utf8");
  expect(TABLE.exec(page)?.[0]).toBe(table);
  expect(page.match(/^\| option /gm)).toHaveLength(1);
});

test("each option says what it is for and what holds without it", () => {
  expect(rows.filter((row) => row.meaning === "" || row.default === "")).toEqual([]);
});

test("what an option's comment says of its default is the schema's default", () => {
  const shown = (value: unknown) =>
    typeof value === "number" ? value.toLocaleString("en") : JSON.stringify(value);
  const others = rows.filter(({ value }) => value !== undefined && typeof value !== "object");
  expect(others.length).toBeGreaterThan(15);
  for (const { name, value, default: told } of others) {
    expect(told.split(":")[0], name).toBe(shown(value));
  }
});
