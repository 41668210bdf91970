import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPipeline } from "./pipeline-run.js";

const GOAL = "Load customers and orders into sales.db, with revenue by customer";

// The figures are worked out by hand from graphs/data-pipeline/data: quantity times unit price of the orders that pass.
// 1001 2×19.90 + 1004 1×1299 = 1338.80; 1002 1299 + 1012 6×7.25 = 1342.50; 1003 10×0.35 + 1011 5×19.90 = 103.00;
// 1006 4×7.25 = 29.00; 1008 3×0.35 = 1.05; 1010 49.50. Orders 1005, 1007 and 1009 are wrong beyond repair.
const REVENUE = [
  [1, "Ada Berg", 1338.8],
  [2, "Costa, Luis", 1342.5],
  [3, "Mina Okafor", 103],
  [5, "Yuki Sato", 29],
  [6, 'Nora "Nell" Hahn', 1.05],
  [7, "Ivo Petrov", 49.5],
];

describe("the example of the data pipeline", () => {
  it("repairs, quarantines, validates again, and loads what the sources really say", async () => {
    const pipeline = createPipeline(undefined);
    const run = await pipeline.run(GOAL);
    expect(run.status).toBe("done");
    expect(pipeline.query("sales.db", "select * from revenue_by_customer order by customer_id")).toEqual(
      REVENUE,
    );
    expect(
      pipeline.query("sales.db", "select customer_id, country, email, signed_up from customers"),
    ).toEqual([
      [1, "DE", "ada@example.com", "2025-01-14"],
      [2, "PT", "luis@example.com", "2025-02-02"],
      [3, "DE", "mina@example.com", "2025-02-28"],
      [4, "ES", "unknown", "2025-03-09"],
      [5, "JP", "yuki@example.com", "2025-04-11"],
      [6, "DE", "nora@example.com", "2025-05-23"],
      [7, "BG", "ivo@example.com", "2025-06-17"],
    ]);
    expect(pipeline.query("sales.db", "select order_id, unit_price, ordered_on from orders")).toEqual([
      [1001, 19.9, "2026-01-05"],
      [1002, 1299, "2026-01-08"],
      [1003, 0.35, "2026-01-19"],
      [1004, 1299, "2026-02-02"],
      [1006, 7.25, "2026-02-20"],
      [1008, 0.35, "2026-03-01"],
      [1010, 49.5, "2026-03-15"],
      [1011, 19.9, "2026-03-15"],
      [1012, 7.25, "2026-03-31"],
    ]);
    expect(
      pipeline.query("sales.db", "select table_name, source, source_row, reason from pipeline_quarantine"),
    ).toEqual([
      ["customers", "customers.csv", 7, "customer_id 6 is in row 6 already"],
      ["orders", "orders.json", 5, 'quantity is no integer: "three"'],
      ["orders", "orders.json", 7, "customer_id 99 is not in customers.customer_id"],
      ["orders", "orders.json", 9, "quantity is below 1: -2"],
    ]);
  });

  it("replans because of the data, and reports what it did", async () => {
    const pipeline = createPipeline(undefined);
    const run = await pipeline.run(GOAL);
    expect(run.pastSteps.filter(({ status }) => status === "unexpected").map(({ id }) => id)).toEqual([
      "validate_customers",
      "validate_orders",
    ]);
    const [report] = run.response.split("\n\nThis report is in ");
    expect(report).toContain("| customers | customers.csv | 8 | 3 | 1 | 7 |");
    expect(report).toContain("| orders | orders.json | 12 | 2 | 3 | 9 |");
    expect(report).toContain("| revenue_by_customer | 0 | 6 | 0 | 6 |");
    const path = /This report is in (\S+)\.$/.exec(run.response)?.[1] ?? "";
    expect(readFileSync(join(pipeline.workspace, path), "utf8")).toBe(`${report}\n`);
  });

  it("joins a SQLite source that the goal does not name, where a figure needs it", async () => {
    const pipeline = createPipeline(undefined);
    const run = await pipeline.run(
      "Load orders into shop.db, with the number of orders and revenue by category",
    );
    // By hand: home 39.80 + 99.50 + 49.50, electronics 2×1299, office 3.50 + 29 + 1.05 + 43.50. Orders 1005, 1007 and
    // 1009 are out, as above: the rules say that customers are looked up, so they are read, and not loaded.
    expect(run.status).toBe("done");
    expect(pipeline.query("shop.db", "select * from revenue_by_category")).toEqual([
      ["electronics", 2598],
      ["home", 188.8],
      ["office", 77.05],
    ]);
    expect(pipeline.query("shop.db", "select * from number_of_orders_by_category")).toEqual([
      ["electronics", 2],
      ["home", 3],
      ["office", 4],
    ]);
    expect(
      pipeline.query("shop.db", "select name from sqlite_schema where type = 'table'").flat(),
    ).not.toContain("products");
  });

  it("looks declared references up in a table that nobody loads", async () => {
    const pipeline = createPipeline(undefined);
    const run = await pipeline.run("Load orders into orders.db");
    expect(run.status).toBe("done");
    expect(
      pipeline.query(
        "orders.db",
        "select reason from pipeline_quarantine where source_row = 7 and table_name = 'orders'",
      ),
    ).toEqual([["customer_id 99 is not in customers.customer_id"]]);
    expect(pipeline.query("orders.db", "select count(*) from orders")).toEqual([[9]]);
  });
});
