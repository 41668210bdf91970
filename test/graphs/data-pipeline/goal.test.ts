import { describe, expect, it } from "vitest";
import { readGoal } from "../../../graphs/data-pipeline/goal/read-goal.js";

describe("a goal of the pipeline", () => {
  it.each([
    [
      "Load customers and orders into sales.db, with revenue by customer",
      ["customers", "orders"],
      "sales.db",
    ],
    [
      "Please import the customers table, orders.json and products from shop.db into out/all.sqlite3",
      ["customers", "orders.json", "products"],
      "out/all.sqlite3",
    ],
    ["Load everything into the database called warehouse", [], "warehouse.db"],
    ["Load all the data into SQLite", [], "warehouse.db"],
    ["Copy orders from old.db to new.db", ["orders"], "new.db"],
    ["Ingest events.csv in the events database", ["events.csv"], "events.db"],
  ])("names sources and target: %s", (goal, sources, database) => {
    expect(readGoal(goal)).toMatchObject({ sources, database, loadsSources: true });
  });

  it("names figures, by what, and what they are called", () => {
    const figures = (goal: string) => readGoal(goal)?.summaries;
    expect(
      figures(
        "Load a into b.db with revenue by customer, the average price per region and month, and the number of orders for each day as daily",
      ),
    ).toEqual([
      { measure: "revenue", by: "sum", dimensions: ["customer"] },
      { measure: "price", by: "average", dimensions: ["region", "month"] },
      { measure: "orders", by: "count", dimensions: ["day"], table: "daily" },
    ]);
    expect(
      figures("Load a into b.db with total quantity and highest price by item. Replace what is there"),
    ).toEqual([
      { measure: "quantity", by: "sum", dimensions: ["item"] },
      { measure: "price", by: "maximum", dimensions: ["item"] },
    ]);
    expect(readGoal("Load revenue by customer from orders into b.db")).toMatchObject({
      loadsSources: false,
      sources: ["orders"],
      summaries: [{ measure: "revenue", dimensions: ["customer"] }],
    });
  });

  it("names conditions, rules and ways", () => {
    expect(
      readGoal(
        'Append orders into b.db where status is not open and write the report to r/day.md, rename "unit price" to price; quantity must be between 1 and 10; state must be one of a, b or c',
      ),
    ).toMatchObject({
      filters: [{ column: "status", is: "!=", value: "open" }],
      renames: [{ from: "unit price", to: "price" }],
      expectations: [
        { column: "quantity", type: "number", min: 1, max: 10 },
        { column: "state", oneOf: ["a", "b", "c"] },
      ],
      mode: "append",
      report: "r/day.md",
    });
    expect(readGoal("Load a into b.db, check references and do not quarantine")).toMatchObject({
      isStrict: true,
      checksReferences: true,
    });
  });

  it("goes on with the database of the turn before", () => {
    expect(readGoal("And add quantity by month", ["Load a into b.db"])).toMatchObject({
      database: "b.db",
      loadsSources: false,
    });
    expect(readGoal("revenue by region", ["Load a into b.db"])).toMatchObject({ database: "b.db" });
  });

  it.each(["What is 17*23?", "Sing a song about a table", "Hello"])("is none: %s", (goal) => {
    expect(readGoal(goal)).toBeUndefined();
    expect(readGoal(goal, ["Load a into b.db"])).toBeUndefined();
  });
});
