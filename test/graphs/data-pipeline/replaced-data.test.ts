import { describe, expect, it } from "vitest";
import { createPipeline } from "./pipeline-run.js";

const csv = (...lines: string[]) => `${lines.join("\n")}\n`;

describe("the pipeline over other data", () => {
  it("takes columns, keys, types and figures from what is there", async () => {
    const pipeline = createPipeline({
      "suppliers.json": JSON.stringify({
        data: [
          { id: "S1", company: { title: "Nordwerk", city: "Kiel" } },
          { id: "S2", company: { title: "Alba", city: "Porto" } },
        ],
      }),
      "deliveries.tsv": csv(
        "delivery no\tsupplier\tpieces\tprice per unit\tday",
        "A-1\tS1\t3\t0.1\t2026-01-31",
        "A-2\tS2\t7\t1.15\t2026-02-01",
        "A-3\tS1\t3\t0.2\t2026-02-28",
      ),
      "parts.db": [
        {
          create: "create table parts (id integer primary key, weight real, stocked_on text)",
          insert: "insert into parts values (?, ?, ?)",
          rows: [
            [1, 2.5, "2026-01-01"],
            [2, null, "2026-01-02"],
          ],
        },
      ],
    });
    const run = await pipeline.run(
      "Import everything into stock.sqlite with revenue by supplier and pieces per month as monthly",
    );
    expect(run.status).toBe("done");
    // 3×0.1 + 3×0.2 = 0.9 and 7×1.15 = 8.05, which binary arithmetic gives as 0.9000000000000001 and 8.049999999999999.
    expect(pipeline.query("stock.sqlite", "select * from revenue_by_supplier")).toEqual([
      ["S1", 0.9],
      ["S2", 8.05],
    ]);
    expect(pipeline.query("stock.sqlite", "select * from monthly")).toEqual([
      ["2026-01", 3],
      ["2026-02", 10],
    ]);
    expect(pipeline.query("stock.sqlite", "select * from suppliers")).toEqual([
      ["S1", "Nordwerk", "Kiel"],
      ["S2", "Alba", "Porto"],
    ]);
    expect(
      pipeline.query(
        "stock.sqlite",
        'select "delivery no", pieces, typeof(pieces), "price per unit" from deliveries',
      ),
    ).toEqual([
      ["A-1", 3, "integer", 0.1],
      ["A-2", 7, "integer", 1.15],
      ["A-3", 3, "integer", 0.2],
    ]);
    expect(pipeline.query("stock.sqlite", "select * from parts")).toEqual([
      [1, 2.5, "2026-01-01"],
      [2, null, "2026-01-02"],
    ]);
  });

  it("loads tables of no rows as tables of no rows", async () => {
    const pipeline = createPipeline({ "events.csv": "id,at,amount\n", "notes.json": "[]" });
    const run = await pipeline.run("Load events into empty.db, with amount by at");
    expect(run.status).toBe("done");
    expect(pipeline.query("empty.db", "select * from events")).toEqual([]);
    expect(pipeline.query("empty.db", "select * from amount_by_at")).toEqual([]);
    const nothing = await pipeline.run("Load notes into empty.db", "2");
    expect(nothing.status).not.toBe("done");
    expect(nothing.response).toContain('"notes" has no columns');
  });

  it("loads 50,000 rows, and keeps them out of the plan's state", async () => {
    const lines = ["sale,shop,cents"];
    const sums = new Map<string, number>();
    for (let index = 1; index <= 50_000; index += 1) {
      const [shop, cents] = [`s${index % 7}`, (index * 37) % 1_000];
      // Each thousandth is no number.
      lines.push(`${index},${shop},${index % 1_000 === 0 ? "?" : cents}`);
      if (index % 1_000 !== 0) {
        sums.set(shop, (sums.get(shop) ?? 0) + cents);
      }
    }
    const pipeline = createPipeline({ "sales.csv": csv(...lines) });
    const run = await pipeline.run("Load sales into big.db with total cents by shop");
    expect(run.status).toBe("done");
    expect(pipeline.query("big.db", "select count(*), sum(cents) from sales")).toEqual([
      [49_950, [...sums.values()].reduce((sum, cents) => sum + cents, 0)],
    ]);
    expect(pipeline.query("big.db", "select * from cents_by_shop")).toEqual([...sums].sort());
    expect(pipeline.query("big.db", "select count(*) from pipeline_quarantine")).toEqual([[50]]);
    expect(JSON.stringify(run).length).toBeLessThan(60_000);
  }, 60_000);

  it("follows the rules that are declared, whatever they name", async () => {
    const pipeline = createPipeline({
      "readings.jsonl": csv(
        '{"probe":"a","at":"01/02/2026 ","deg":"1.234,5"}',
        '{"probe":"b","at":"2026-02-30","deg":3}',
        "{broken",
        '{"probe":"A ","at":"2026-02-03","deg":-300}',
        '{"probe":"b","at":"2026-02-04","deg":"7"}',
      ),
      "rules.json": JSON.stringify({
        tables: {
          readings: {
            columns: {
              probe: { oneOf: ["a", "b"], required: true },
              at: { type: "date", formats: ["dd/MM/yyyy"] },
              deg: { type: "number", min: -273.15 },
            },
          },
        },
      }),
    });
    const run = await pipeline.run("Load readings into lab.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("lab.db", "select * from readings")).toEqual([
      ["a", "2026-02-01", 1234.5],
      ["b", "2026-02-04", 7],
    ]);
    expect(pipeline.query("lab.db", "select source_row, reason from pipeline_quarantine")).toEqual([
      [2, 'at is no date: "2026-02-30"'],
      [3, "its line is no JSON: {broken"],
      [4, "deg is below -273.15: -300"],
    ]);
  });

  it("takes rules from the goal, and filters and renames", async () => {
    const pipeline = createPipeline({
      "bills.csv": csv(
        "id,client,sum,state",
        "1,x,10,paid",
        "2,y,-4,paid",
        "3,x,20,open",
        "4,,30,paid",
        "5,z,2.5,paid",
      ),
    });
    const run = await pipeline.run(
      "Load bills into b.db where state is paid, rename sum to euros, client is required and sum must be at least 0",
    );
    expect(run.status).toBe("done");
    expect(pipeline.query("b.db", "select id, client, euros from bills")).toEqual([
      [1, "x", 10],
      [5, "z", 2.5],
    ]);
    expect(pipeline.query("b.db", "select source_row, reason from pipeline_quarantine")).toEqual([
      [2, "sum is below 0: -4"],
      [4, "client is missing"],
    ]);
  });

  it("quarantines down the line: who is taken out takes along those that refer to it", async () => {
    const refer = (table: string) => ({ references: { table, column: "id" } });
    const pipeline = createPipeline({
      "regions.csv": csv("id,size", "1,5", "2,no"),
      "shops.csv": csv("id,region", "10,1", "20,2"),
      "sales.csv": csv("id,shop", "100,10", "200,20", "300,30"),
      "rules.json": JSON.stringify({
        tables: {
          regions: { columns: { size: { type: "integer" } } },
          shops: { columns: { region: refer("regions") } },
          sales: { columns: { shop: refer("shops") } },
        },
      }),
    });
    const run = await pipeline.run("Load sales, shops and regions into chain.db");
    expect(run.status).toBe("done");
    expect(
      pipeline.query(
        "chain.db",
        "select id from regions union select id from shops union select id from sales",
      ),
    ).toEqual([[1], [10], [100]]);
    expect(pipeline.query("chain.db", "select table_name, source_row from pipeline_quarantine")).toEqual([
      ["regions", 2],
      ["shops", 2],
      ["sales", 2],
      ["sales", 3],
    ]);
  });

  it("joins only where no row is counted twice", async () => {
    const pipeline = createPipeline({
      "people.csv": csv("person_id,name", "1,Ann", "2,Bob", "2,Bert"),
      "visits.csv": csv("visit_id,person_id,minutes", "1,1,10", "2,2,20", "3,2,30", "4,,5"),
    });
    const run = await pipeline.run("Load minutes by person into v.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("v.db", "select * from minutes_by_person")).toEqual([
      [null, null, 5],
      [1, "Ann", 10],
      [2, "Bob", 50],
    ]);
    expect(pipeline.query("v.db", "select source, source_row, reason from pipeline_quarantine")).toEqual([
      ["people.csv", 3, "person_id 2 is in row 2 already"],
    ]);
  });
});
