import { describe, expect, it } from "vitest";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";
import { createPipeline } from "./pipeline-run.js";

const FILES = { "orders.csv": "id,shop,amount\n1,a,10\n2,b,2.5\n3,a,x\n" };
const EXPECT = [{ column: "amount", type: "number" }];

describe("the pipeline under a model that is not the offline one", () => {
  it("carries out its plans, and tells it what failed and what can be done", async () => {
    const model = scriptedByRole({
      planner: planCall([
        { id: "e", tool: "extract", args: { source: "orders" } },
        { id: "v", tool: "validate", args: { dataset: "{{e.dataset}}", expect: EXPECT } },
        {
          id: "l",
          tool: "load",
          args: { database: "o.db", tables: [{ dataset: "{{e.dataset}}", table: "orders" }] },
        },
      ]),
      replanner: (messages) => {
        const asked = messages.at(-1)?.text ?? "";
        if (asked.includes('"id":"l2"')) {
          return "Loaded.";
        }
        expect(asked).toContain(
          'type of amount fails for 1 (0 repairable): row 3: amount is no number: \\"x\\"',
        );
        return planCall([
          { id: "q", tool: "quarantine", args: { dataset: "orders", output: "good" } },
          { id: "v2", tool: "validate", args: { dataset: "{{q.dataset}}", expect: EXPECT } },
          {
            id: "t",
            tool: "transform",
            args: {
              dataset: "{{q.dataset}}",
              output: "totals",
              operations: [
                { op: "aggregate", by: ["shop"], measures: [{ as: "total", by: "sum", column: "amount" }] },
              ],
            },
          },
          { id: "v3", tool: "validate", args: { dataset: "{{t.dataset}}" } },
          {
            id: "l2",
            tool: "load",
            args: {
              database: "o.db",
              tables: [
                { dataset: "{{q.dataset}}", table: "orders" },
                { dataset: "{{t.dataset}}", table: "totals", key: ["shop"] },
              ],
            },
          },
        ]);
      },
    });
    const pipeline = createPipeline(FILES, { model });
    const run = await pipeline.run("Load the orders into o.db with totals by shop");
    expect(run.status).toBe("done");
    expect(pipeline.query("o.db", "select * from totals")).toEqual([
      ["a", 10],
      ["b", 2.5],
    ]);
    expect(pipeline.query("o.db", "select source_row, reason from pipeline_quarantine")).toEqual([
      [3, 'amount is no number: "x"'],
    ]);
  });

  it.each([
    [
      "loads what was never validated",
      [
        {
          id: "l",
          tool: "load",
          args: { database: "o.db", tables: [{ dataset: "{{e.dataset}}", table: "t" }] },
        },
      ],
      "has not passed a validation",
    ],
    [
      "transforms what was never validated",
      [
        {
          id: "t",
          tool: "transform",
          args: { dataset: "{{e.dataset}}", output: "t", operations: [{ op: "select", columns: ["id"] }] },
        },
      ],
      "has not passed a validation",
    ],
    [
      "validates what is not there",
      [{ id: "v", tool: "validate", args: { dataset: "ordres" } }],
      'There is no dataset "ordres". There are: "orders"',
    ],
    [
      "names a column that is not there",
      [
        {
          id: "v",
          tool: "validate",
          args: { dataset: "{{e.dataset}}", expect: [{ column: "sum", required: true }] },
        },
      ],
      "orders has no column sum; it has id, shop, amount",
    ],
  ])("is told so where its plan %s", async (_, steps, message) => {
    const model = scriptedByRole({
      planner: planCall([{ id: "e", tool: "extract", args: { source: "orders" } }, ...steps]),
      replanner: "I could not.",
    });
    const pipeline = createPipeline(FILES, { model });
    const run = await pipeline.run("Load the orders into o.db");
    expect(run.status).toBe("incomplete");
    expect(run.pastSteps.at(-1)?.error?.message).toContain(message);
  });

  it.each([
    [
      { op: "derive", column: "x", by: "multiply", of: [{ column: "shop" }, { value: 2 }] },
      "which is text and not a number",
    ],
    [
      { op: "derive", column: "id", by: "add", of: [{ column: "amount" }, { value: 2 }] },
      'There is a column "id" already',
    ],
    [{ op: "rename", columns: [{ from: "id", to: "SHOP" }] }, 'Two columns would be called "shop"'],
    [{ op: "cast", column: "shop", type: "integer" }, '"shop" of row 1 is no integer: "a"'],
    [{ op: "filter", column: "amount", is: ">", value: "many" }, "cannot be compared"],
    [
      {
        op: "join",
        dataset: "orders",
        on: [{ left: "shop", right: "shop" }],
        columns: [{ column: "id", as: "other" }],
      },
      "a join would count rows twice",
    ],
    [
      { op: "aggregate", by: ["nothing"], measures: [{ as: "n", by: "count" }] },
      'There is no column "nothing"; there are "id", "shop", "amount"',
    ],
    [
      { op: "aggregate", by: [], measures: [{ as: "n", by: "sum", column: "shop" }] },
      '"shop" is text and has no sum',
    ],
  ])("is told what is wrong with an operation: %j", async (operation, message) => {
    const model = scriptedByRole({
      planner: planCall([
        { id: "e", tool: "extract", args: { source: "orders" } },
        { id: "v", tool: "validate", args: { dataset: "{{e.dataset}}" } },
        {
          id: "t",
          tool: "transform",
          args: { dataset: "{{v.dataset}}", output: "t", operations: [operation] },
        },
      ]),
      replanner: "I could not.",
    });
    const pipeline = createPipeline({ "orders.csv": "id,shop,amount\n1,a,10\n2,a,2.5\n" }, { model });
    const run = await pipeline.run("Load the orders into o.db");
    expect(run.pastSteps.at(-1)?.error?.message).toContain(`Operation 1 (${operation.op}): `);
    expect(run.pastSteps.at(-1)?.error?.message).toContain(message);
  });
});
