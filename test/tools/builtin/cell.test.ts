import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Cell,
  cellFromText,
  cellNumber,
  cellRank,
  compareRanks,
} from "../../../src/tools/builtin/tables/table.js";

describe("cellNumber", () => {
  it.each([
    ["42", 42],
    ["-3.5", -3.5],
    ["+7", 7],
    [".5", 0.5],
    ["0", 0],
    ["0.10", 0.1],
    ["1,234.50", 1234.5],
    ["1,234", 1234],
    ["12,345,678", 12345678],
    ["1 234,5", 1234.5],
    ["1'234.5", 1234.5],
    ["1.234,50", 1234.5],
    ["12,5", 12.5],
    ["1.234", 1.234],
    ["$5", 5],
    ["-$5.25", -5.25],
    ["5 €", 5],
    ["12%", 12],
    [" 8 ", 8],
    ["1.5e-3", 0.0015],
    ["2e+3", 2000],
  ])("reads %j as %d", (text, number) => {
    expect(cellNumber(text)).toBe(number);
  });

  it.each([
    "",
    " ",
    "007",
    "00",
    "12E4",
    "1,23,456",
    "abc",
    "5 apples",
    "2024-01-05",
    "1.2.3",
    "-",
    "$",
    "%",
    "0x10",
    "Infinity",
    "NaN",
    "12345678901234567890",
    "1e999",
    "e+5",
    ".",
  ])(
    // biome-ignore format: short
    "takes %j as no number",
    (text) => {
      expect(cellNumber(text)).toBe(undefined);
    },
  );

  it("reads back whatever JavaScript writes for a number, except digits that it does not hold exactly", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const isDigits = Number.isInteger(value) && Math.abs(value) < 1e21;
        const isExact = !isDigits || Number.isSafeInteger(value);
        expect(cellNumber(String(value))).toBe(isExact ? value + 0 : undefined);
      }),
    );
  });
});

describe("a cell of a file without types", () => {
  it("is a number where it is one without a unit, null where it is empty, else the text", () => {
    expect(["5", "1,200.5", " ", "$5", "12%", "007", "x "].map(cellFromText)).toEqual([5, 1200.5, null, "$5", "12%", "007", "x "]); // biome-ignore format: short
  });
});

describe("compareRanks", () => {
  const compareCells = (a: Cell, b: Cell) => compareRanks(cellRank(a), cellRank(b));

  it("is an order: numbers before text, text by the alphabet", () => {
    const cell: fc.Arbitrary<Cell> = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.constantFrom("a", "B", "b", "2", "10", "$3", "x1", true, "ž"),
    );
    fc.assert(
      fc.property(cell, cell, cell, (a, b, c) => {
        expect(Math.sign(compareCells(a, b))).toBe(0 - Math.sign(compareCells(b, a)));
        if (compareCells(a, b) <= 0 && compareCells(b, c) <= 0) {
          expect(compareCells(a, c)).toBeLessThanOrEqual(0);
        }
      }),
    );
    expect(["b", 10, "$9", "A"].sort(compareCells)).toEqual(["$9", 10, "A", "b"]);
  });
});
