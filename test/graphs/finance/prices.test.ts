import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parsePrices } from "../../../graphs/finance/prices/parse-prices.js";
import { PriceFolder } from "../../../graphs/finance/prices/price-folder.js";
import { assertSamePrices } from "../../../graphs/finance/prices/price-table.js";
import { makeFolder } from "./finance-run.js";

const read = (text: string) => parsePrices(text, "prices.csv");

describe("a price file", () => {
  it("may have its columns in any order and under the usual names", () => {
    const plain = read(
      "date,symbol,open,high,low,close,volume\n2026-03-02,A,1,3,1,2,50\n2026-03-03,A,2,4,2,3,60",
    );
    const others = [
      "Ticker;Close;Vol;Date;High;Low;Open\nA;2;50;2026-03-02;3;1;1\nA;3;60;2026-03-03;4;2;2",
      "Volume\tClose/Last\tSYMBOL\tTrade Date\tOpen\tHigh\tLow\n50\t$2.00\tA\t03/02/2026\t1\t3\t1\n60\t$3.00\tA\t03/13/2026\t2\t4\t2",
      '\uFEFF"Date","Ticker","Open","High","Low","Close","Volume"\r\n2026-03-03 00:00:00,A,2,4,2,3,60\r\n\r\n20260302,A,1,3,1,2,50\r\n',
    ].map(read);
    expect(plain.series.get("A")).toEqual([
      { date: "2026-03-02", open: 1, high: 3, low: 1, close: 2, volume: 50 },
      { date: "2026-03-03", open: 2, high: 4, low: 2, close: 3, volume: 60 },
    ]);
    expect(others[0]?.series).toEqual(plain.series);
    expect(others[1]?.series.get("A")?.map(({ date }) => date)).toEqual(["2026-03-02", "2026-03-13"]);
    expect(others[2]?.version).toBe(plain.version);
  });

  it("may have closes alone, rows in any order, a comma in numbers, and further columns", () => {
    const table = read(
      'note,date,symbol,close\nx,2026-03-03,B,"1,234.50"\n,2026-03-02,B,1000\ny,2026-03-02,A,.5',
    );
    expect([...table.series]).toEqual([
      ["A", [{ date: "2026-03-02", close: 0.5 }]],
      [
        "B",
        [
          { date: "2026-03-02", close: 1000 },
          { date: "2026-03-03", close: 1234.5 },
        ],
      ],
    ]);
    expect(read("date;symbol;close\n02.03.2026;A;1.234,5").series.get("A")).toEqual([
      { date: "2026-03-02", close: 1234.5 },
    ]);
  });

  it.each([
    ["date,close\n2026-03-02,1", "has no column for symbol"],
    ["day,ticker,volume\n2026-03-02,A,1", "has no column for close"],
    ["date,symbol,close", "has no rows"],
    ["", "has no rows"],
    ["date,symbol,close\n2026-03-02,A,1\n2026-03-03,A,n/a", 'line 3: close "n/a" is no number above zero'],
    ["date,symbol,close\n2026-03-02,A,-1", 'close "-1" is no number above zero'],
    ["date,symbol,close\n2026-03-02,A,0", 'close "0" is no number above zero'],
    ["date,symbol,close\n2026-03-02,A", "close is missing"],
    ["date,symbol,close\n2026-03-02,,1", "the symbol is missing"],
    ["date,symbol,close\n2026-02-30,A,1", '"2026-02-30" is no date'],
    ["date,symbol,close\n03/04/2026,A,1", '"03/04/2026" is no date that can be read for certain'],
    ["date,symbol,close,high,low\n2026-03-02,A,1,1,2", "high 1 is below low 2"],
    ["date,symbol,close\n2026-03-02,A,1\n2026-03-02,A,2", "two rows for A on 2026-03-02"],
    ['date,symbol,close\n2026-03-02,A,"1', "is no CSV file"],
  ])("is refused whole where it is broken: %j", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("names the first faults and counts the others", () => {
    const rows = Array.from({ length: 9 }, (_, at) => `2026-03-0${at + 1},A,x`);
    expect(() => read(`date,symbol,close\n${rows.join("\n")}`)).toThrow(
      /line 2: .*line 6: .*and 4 more lines/,
    );
  });

  it("has another version when a price is another, and the same when only its form is", () => {
    const version = (text: string) => read(text).version;
    const first = version("date,symbol,close\n2026-03-02,A,1\n2026-03-02,B,2");
    expect(first).toMatch(/^2 rows to 2026-03-02, [0-9a-f]{12}$/);
    expect(version("symbol,date,close\nB,2026-03-02,2.00\nA,2026-03-02,1\n")).toBe(first);
    expect(version("date,symbol,close\n2026-03-02,A,1\n2026-03-02,B,2.01")).not.toBe(first);
  });

  it("says what is different where it is not the one that something was worked out from", () => {
    const before = read("date,symbol,close\n2026-03-02,A,1");
    const after = read("date,symbol,close\n2026-03-02,A,1\n2026-03-03,A,2");
    const quote = { symbol: "A", price: 1, date: "2026-03-02" };
    expect(() => assertSamePrices(before, before.version, quote)).not.toThrow();
    expect(() => assertSamePrices(after, before.version, quote)).toThrow(
      `had ${before.version}; it now has ${after.version}. A was 1 on 2026-03-02 and is 2 on 2026-03-03.`,
    );
    expect(() => assertSamePrices(read("date,symbol,close\n2026-03-02,B,1"), before.version, quote)).toThrow(
      "A is not in it any more",
    );
  });
});

describe("the folder of price files", () => {
  const csv = "date,symbol,close\n2026-03-02,A,1";

  it("gives prices.csv, or the only file, and asks where that is not clear", async () => {
    const folder = makeFolder();
    const prices = new PriceFolder(folder);
    await expect(prices.read()).rejects.toThrow("There is no CSV file in");
    writeFileSync(join(folder, "quotes.csv"), csv);
    expect((await prices.read()).file).toBe("quotes.csv");
    writeFileSync(join(folder, "more.csv"), csv);
    await expect(prices.read()).rejects.toThrow("The CSV files there are: more.csv, quotes.csv.");
    writeFileSync(join(folder, "prices.csv"), csv);
    expect((await prices.read()).file).toBe("prices.csv");
    await expect(prices.read("old.csv")).rejects.toThrow('There is no price file "old.csv"');
  });

  it("reads nothing outside of itself, not through a link either", async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, "in"));
    writeFileSync(join(folder, "out.csv"), csv);
    symlinkSync(join(folder, "out.csv"), join(folder, "in", "link.csv"));
    const prices = new PriceFolder(join(folder, "in"));
    await expect(prices.read("../out.csv")).rejects.toThrow("outside the folder");
    await expect(prices.read("link.csv")).rejects.toThrow("outside the folder");
  });

  it("reads nothing hidden, and tells nothing of what is in it", async () => {
    const folder = makeFolder();
    mkdirSync(join(folder, ".git"));
    for (const name of [".env", ".git/config"]) {
      writeFileSync(join(folder, name), "KEY=TOPSECRET");
    }
    symlinkSync(".env", join(folder, "link.csv"));
    for (const name of [".env", "./.env", ".git/config", "link.csv", join(folder, ".env")]) {
      const refused = await new PriceFolder(folder).read(name).catch((error: unknown) => String(error));
      expect(refused).toContain("or hidden");
      expect(refused).not.toContain("TOPSECRET");
    }
  });
});
