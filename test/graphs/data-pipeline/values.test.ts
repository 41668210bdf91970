import { describe, expect, it } from "vitest";
import { inferType, toType } from "../../../graphs/data-pipeline/cell.js";
import { fromDecimal, roundTo, sumOf, times, toDecimal } from "../../../graphs/data-pipeline/decimal.js";
import { repairType } from "../../../graphs/data-pipeline/repair-value.js";

describe("types", () => {
  it.each([
    [["1", "20", "-3"], "integer"],
    [["1", "2.50", null], "number"],
    [["01", "2"], "text"],
    [["+1", "2"], "text"],
    [["1e5"], "text"],
    [["1.2345678901234567"], "text"],
    [["9007199254740993"], "text"],
    [["true", "False"], "boolean"],
    [["2024-02-29"], "date"],
    [["2023-02-29"], "text"],
    [["2024-02-29", "2024-03-01T10:00:00Z"], "datetime"],
    [["2024-03-01 25:00"], "text"],
    [[null, null], "text"],
    [[], "text"],
  ] as const)("of %j as text is %s", (values, type) => {
    expect(inferType([...values], false)).toBe(type);
  });

  it("of a source that has types of its own stay what they are there", () => {
    expect(
      [["7", "8"], [7, "8"], [7, 8.5], [true, false], ["2026-01-01"]].map((values) =>
        inferType(values, true),
      ),
    ).toEqual(["text", "mixed", "number", "boolean", "date"]);
  });

  it("read a value or refuse it, and guess nothing", () => {
    expect([toType(" 7", "integer"), toType("7.0", "integer"), toType(true, "number")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([
      toType(null, "date"),
      toType("TRUE", "boolean"),
      toType(0, "boolean"),
      toType(7, "text"),
    ]).toEqual([null, 1, 0, "7"]);
  });
});

describe("repairs", () => {
  it.each([
    [" 7 ", "integer", 7],
    ["007", "integer", 7],
    ["+5", "integer", 5],
    ["1,234.50", "number", 1234.5],
    ["1.234,50", "number", 1234.5],
    ["1 234 567,8", "number", 1234567.8],
    ["1,234,567", "number", 1234567],
    ["12,5", "number", 12.5],
    ["-0,25", "number", -0.25],
    // Either 1234 or 1.234: nobody can tell.
    ["1,234", "number", undefined],
    ["1,23,4", "number", undefined],
    ["12 EUR", "number", undefined],
    ["3.7", "integer", undefined],
    ["", "integer", undefined],
    ["yes", "boolean", 1],
    ["2026/3/5", "date", "2026-03-05"],
    ["5.3.2026", "date", "2026-03-05"],
    ["March 5, 2026", "date", "2026-03-05"],
    ["2026-03-05T10:00:00Z", "date", "2026-03-05"],
    ["30.02.2026", "date", undefined],
    // The fifth of March, or the third of May.
    ["03/05/2026", "date", undefined],
  ] as const)("of %j as %s give %j", (text, type, repaired) => {
    expect(repairType(text, type, {})).toBe(repaired);
  });

  it("read what is unclear where a rule says how", () => {
    expect(repairType("1,234", "number", { decimal: "," })).toBe(1.234);
    expect(repairType("1,234", "number", { decimal: "." })).toBe(1234);
    expect(repairType("03/05/2026", "date", { formats: ["dd/MM/yyyy"] })).toBe("2026-05-03");
  });
});

describe("decimals", () => {
  it("add and multiply as on paper", () => {
    expect(sumOf([0.1, 0.2, 1e21, -1e21])).toBe(0.3);
    expect(sumOf(Array.from({ length: 1_000 }, () => 0.01))).toBe(10);
    expect(fromDecimal(times(toDecimal(1.1), toDecimal(3)))).toBe(3.3);
    expect(fromDecimal(times(toDecimal(2.5e-7), toDecimal(-4)))).toBe(-0.000001);
    expect([1.005, -1.005, 2.344, 7].map((value) => fromDecimal(roundTo(toDecimal(value), 2)))).toEqual([
      1.01, -1.01, 2.34, 7,
    ]);
  });
});
