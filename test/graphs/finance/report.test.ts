import { describe, expect, it } from "vitest";
import { toPriceTable } from "../../../graphs/finance/prices/price-table.js";
import { composeReport } from "../../../graphs/finance/report/compose-report.js";
import { toMarkdown } from "../../../graphs/finance/report/to-markdown.js";
import { toPdf } from "../../../graphs/finance/report/to-pdf.js";
import { readPdfText } from "./read-pdf-text.js";

const report = {
  title: "Finance report",
  sections: [
    {
      heading: "Opportunities",
      lines: ["Buy A|B at 5 (2026-01-05):\n RSI ≤ 30.", "Sell Ünited: Wilder's RSI → 75."],
    },
    {
      heading: "Orders",
      lines: [],
      table: {
        columns: ["Symbol", "Quantity"],
        rows: [
          ["A|B", "12"],
          ["C", "3"],
        ],
      },
    },
  ],
};

describe("a report", () => {
  it("is Markdown in which cells and lines stay what they are", () => {
    expect(toMarkdown(report)).toBe(
      [
        "# Finance report",
        "## Opportunities",
        "- Buy A|B at 5 (2026-01-05): RSI ≤ 30.\n- Sell Ünited: Wilder's RSI → 75.",
        "## Orders",
        "| Symbol | Quantity |\n| --- | --- |\n| A\\|B | 12 |\n| C | 3 |\n",
      ].join("\n\n"),
    );
  });

  it("is a PDF with the same text, what its letters lack replaced", async () => {
    const pdf = await toPdf(report);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const text = readPdfText(pdf);
    for (const part of [
      "Finance report",
      "Buy A|B at 5 (2026-01-05): RSI <= 30.",
      "Sell Ünited: Wilder's RSI ? 75.",
      "Quantity",
      "12",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("goes on over as many pages as it needs", async () => {
    const rows = Array.from({ length: 200 }, (_, at) => [`S${at}`, String(at)]);
    const pdf = await toPdf({
      title: "Long",
      sections: [{ heading: "All", lines: [], table: { columns: ["Symbol", "No"], rows } }],
    });
    const text = readPdfText(pdf);
    expect(text).toContain("S0\n");
    expect(text).toContain("S199\n");
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(2);
  });

  it("says that an order was not placed, and that the prices changed since", () => {
    const table = toPriceTable("prices.csv", [{ symbol: "A", date: "2026-01-05", close: 5 }]);
    const order = {
      symbol: "A",
      side: "buy" as const,
      quantity: 2,
      price: 5,
      date: "2026-01-05",
      file: "prices.csv",
      version: "old",
    };
    const text = toMarkdown(
      composeReport({
        table,
        version: "old",
        limits: { maxPosition: 0.2, riskLimit: 0.02 },
        account: { cashCents: 1_000, positions: new Map([["A", { quantity: 3, costCents: 900 }]]) },
        placed: [],
        proposed: [order],
        notes: [],
      }),
    );
    expect(text).toContain("- Not placed: buy 2 A.");
    expect(text).toContain(`The file has changed since; it now has ${table.version}.`);
    // 10.00 in cash and 3 at 5.00.
    expect(text).toContain("Cash 10.00, equity 25.00.");
    expect(text).toContain("| A | 3 | 15.00 | 60 % |");
  });
});
