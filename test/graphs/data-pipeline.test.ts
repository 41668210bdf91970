// The data pipeline example: what it loads, what it keeps apart, what makes it replan, and what waits for a person.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import Sqlite from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { createGraph } from "../../graphs/data-pipeline.js";
import type { FieldGraphOptions, Workspace } from "../../graphs/shared/folders.js";
import { approve, decide, isWaiting, reject, requestOf } from "../support/approval.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };

/** The pipeline over these files, or over the example's, with a model that says these things. */
function createPipeline(
  files?: Readonly<Record<string, string>>,
  script: ScriptByRole = {},
  options: FieldGraphOptions<Workspace> = {},
) {
  const root = mkdtempSync(join(tmpdir(), "plan-execute-pipeline-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const [data, workspace] = [join(root, "data"), join(root, "workspace")];
  mkdirSync(data);
  const write = (name: string, text: string) => writeFileSync(join(data, name), text);
  for (const [name, text] of Object.entries(files ?? {})) {
    write(name, text);
  }
  const model = scriptedByRole(script);
  const own = { model, workspace, checkpointer: new MemorySaver(), ...(files !== undefined && { data }) };
  const agent = createGraph({ ...own, ...options });
  const start = (name: string, values: Readonly<Record<string, string | boolean>>) =>
    agent.invoke({ plan: { name, with: values } }, thread);
  return {
    ...{ agent, model, workspace, write, start },
    /** Runs a saved plan and agrees to its load. */
    async run(name: string, values: Readonly<Record<string, string | boolean>>) {
      expect(requestOf(await start(name, values)).actionRequests).toMatchObject([{ name: "load" }]);
      return agent.invoke(decide(approve), thread);
    },
    query(database: string, sql: string): unknown[] {
      const opened = new Sqlite(join(workspace, database), { readonly: true });
      try {
        return opened.prepare(sql).raw().all();
      } finally {
        opened.close();
      }
    },
  };
}

// The figures are worked out by hand from graphs/data-pipeline/data: quantity times unit price of the orders that pass.
// 1001 2×19.90 + 1004 1×1299 = 1338.80; 1002 1299 + 1012 6×7.25 = 1342.50; 1003 10×0.35 + 1011 5×19.90 = 103.00;
// 1006 4×7.25 = 29.00; 1008 3×0.35 = 1.05; 1010 49.50. Orders 1005, 1007 and 1009 are wrong beyond repair.
const REVENUE = [
  ["Ada Berg", 1338.8],
  ["Costa, Luis", 1342.5],
  ["Ivo Petrov", 49.5],
  ["Mina Okafor", 103],
  ['Nora "Nell" Hahn', 1.05],
  ["Yuki Sato", 29],
];

describe("the example's files", () => {
  it("are repaired where that is no guess, and loaded with the figures that they give", async () => {
    const pipeline = createPipeline();
    const run = await pipeline.run("revenue", { database: "sales.db", by: "customer" });
    expect(run.status).toBe("done");
    expect(pipeline.query("sales.db", "select * from revenue_by_customer order by 1")).toEqual(REVENUE);
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
    const repaired = "select unit_price, ordered_on from orders where order_id in (1002, 1006)";
    expect(pipeline.query("sales.db", repaired)).toEqual([
      [1299, "2026-01-08"],
      [7.25, "2026-02-20"],
    ]);
  });

  it("leave their wrong rows in quarantine, each with its reason, and the report is named with its whole path", async () => {
    const pipeline = createPipeline();
    const { response } = await pipeline.run("revenue", { database: "sales.db", by: "category" });
    expect(
      pipeline.query("sales.db", `select "table", row, reason from pipeline_quarantine order by 1, 2`),
    ).toEqual([
      ["customers", 7, "UNIQUE constraint failed: customers.customer_id"],
      ["orders", 5, "cannot store TEXT value in INTEGER column orders.quantity"],
      ["orders", 7, "it refers to what is not in products or customers"],
      ["orders", 9, "CHECK constraint failed: quantity >= 1"],
    ]);
    const [report, path = ""] = response.split(/The data are in .* This report is in (.*)\.$/);
    expect(path.startsWith(join(pipeline.workspace, "reports"))).toBe(true);
    expect(readFileSync(path, "utf8")).toBe(report);
    expect(report).toContain("| sales.db | customers | 7 | 0 | 0 |");
    expect(report).toContain("| orders | 12 | 2 | 3 |");
  });
});

describe("a load", () => {
  const files = {
    "a.csv": "id,x\n1,one\n2,two\n",
    "schema.sql": "create table a (id integer primary key, x text) strict;",
  };
  const values = { tables: "a", database: "out.db" };

  it("waits for a person, and nothing is written where they say no", async () => {
    const pipeline = createPipeline(files, { replanner: "It was not loaded." });
    expect(isWaiting(await pipeline.start("load", values))).toBe(true);
    const run = await pipeline.agent.invoke(decide(reject("not today")), thread);
    expect(run.pastSteps.find(({ id }) => id === "load")?.status).toBe("rejected");
    expect(run.response).toBe("It was not loaded.");
    expect(() => pipeline.query("out.db", "select * from a")).toThrow("unable to open");
  });

  it("of the same rows again changes nothing, and says so", async () => {
    const pipeline = createPipeline(files);
    await pipeline.run("load", values);
    const { response } = await pipeline.run("load", values);
    expect(response).toContain("| out.db | a | 0 | 0 | 2 |");
    expect(response).toContain("Nothing was added, and nothing was replaced.");
    expect(pipeline.query("out.db", "select * from a")).toEqual([
      [1, "one"],
      [2, "two"],
    ]);
  });

  it("of other values for rows that are there replaces them only where that is asked for", async () => {
    const pipeline = createPipeline(files, {}, { replanner: { maxReplans: 0 } });
    await pipeline.run("load", values);
    pipeline.write("a.csv", "id,x\n2,zwei\n3,drei\n");
    const refused = await pipeline.run("load", values);
    expect(refused.outcome?.failed).toMatchObject([{ id: "load", status: "failed" }]);
    expect(pipeline.query("out.db", "select count(*) from a")).toEqual([[2]]);
    const { response } = await pipeline.run("load", { ...values, replace: true });
    expect(response).toContain("| out.db | a | 1 | 1 | 0 |");
    expect(pipeline.query("out.db", "select * from a")).toEqual([
      [1, "one"],
      [2, "zwei"],
      [3, "drei"],
    ]);
  });

  it("is all of its tables or none", async () => {
    const pipeline = createPipeline({ ...files, "b.csv": "id\n1\n" }, {}, { replanner: { maxReplans: 0 } });
    await pipeline.run("load", values);
    pipeline.write("a.csv", "id,x\n2,zwei\n");
    expect((await pipeline.run("load", { ...values, tables: "b, a" })).status).toBe("incomplete");
    expect(pipeline.query("out.db", "select name from sqlite_schema where name = 'b'")).toEqual([]);
  });

  it("that is made again after a crash gives what it gave, once", async () => {
    const pipeline = createPipeline(files);
    const run = await pipeline.run("load", values);
    const before = pipeline.query("out.db", "select key, result from pipeline_loads");
    expect(before).toEqual([[expect.stringMatching(/:load$/), JSON.stringify(run.pastSteps[1]?.output)]]);
    const past = { ...thread, configurable: { ...thread.configurable } };
    for await (const state of pipeline.agent.getStateHistory(thread)) {
      if (isWaiting({ ...(state.tasks[0]?.interrupts.length && { __interrupt__: true }) })) {
        Object.assign(past.configurable, state.config.configurable);
        break;
      }
    }
    const again = await pipeline.agent.invoke(decide(approve), past);
    expect(again.pastSteps[1]?.output).toEqual(run.pastSteps[1]?.output);
    expect(pipeline.query("out.db", "select key, result from pipeline_loads")).toEqual(before);
  });
});

const european = {
  "sales.csv": 'id;price\n1;"1.299,50"\n2;19,90\n',
  "schema.sql": "create table sales (id integer primary key, price real not null) strict;",
};
const stepsWith = (name: string, format: object) => [
  { id: name, tool: "validate", args: { tables: ["sales"], ...format } },
  { id: `load_${name}`, tool: "load", args: { database: "out.db", tables: ["sales"] } },
];

describe("a validation in which too many rows are wrong", () => {
  it("is unexpected, and the replanner validates again with what its reasons tell", async () => {
    const pipeline = createPipeline(european, {
      planner: planCall(stepsWith("first", { delimiter: ";" })),
      replanner: planCall(
        stepsWith("second", { delimiter: ";", decimal: "," }),
        "Loaded {{second.tables[0].rows}} rows.",
      ),
    });
    const waiting = await pipeline.agent.invoke({ input: "Load sales into out.db" }, thread);
    expect(requestOf(waiting).actionRequests).toMatchObject([{ name: "load" }]);
    const run = await pipeline.agent.invoke(decide(approve), thread);
    expect(run.pastSteps.map(({ id, status }) => [id, status])).toEqual([
      ["first", "unexpected"],
      ["second", "done"],
      ["load_second", "done"],
    ]);
    expect(run.response).toBe("Loaded 2 rows.");
    expect(pipeline.model.calls.at(-1)?.prompt).toContain(
      "2 of 2 rows of sales: row 1: cannot store TEXT value",
    );
    expect(pipeline.query("out.db", "select price from sales")).toEqual([[1299.5], [19.9]]);
  });

  it("cannot be loaded past, and how many are too many is in the run's context", async () => {
    const files = { ...european, "sales.csv": "id,price\n1,2\n2,x\n" };
    const load = stepsWith("anyway", {}).slice(1);
    const pipeline = createPipeline(
      files,
      { planner: planCall(stepsWith("only", {})), replanner: planCall(load), answer: "It is loaded." },
      { replanner: { maxReplans: 1 } },
    );
    const ask = (context: { maxBadShare?: number }) =>
      pipeline.agent.invoke({ input: "Load sales" }, { ...thread, context });
    await ask({});
    const run = await pipeline.agent.invoke(decide(approve), thread);
    expect(run.outcome?.failed.map(({ id }) => id)).toContain("load_anyway");
    await ask({ maxBadShare: 0.5 });
    const { pastSteps } = await pipeline.agent.invoke(decide(approve), {
      ...thread,
      context: { maxBadShare: 0.5 },
    });
    expect(pastSteps.map(({ status }) => status)).toEqual(["done", "done"]);
  });
});

describe("what comes from files and from plans", () => {
  it.each([
    ["a file that is not there", { tables: "b", database: "out.db" }],
    ["a path instead of a name", { tables: "../a", database: "out.db" }],
    ["a database outside of the workspace", { tables: "a", database: "../out.db" }],
    ["a table of the pipeline's own", { tables: "pipeline_loads", database: "out.db" }],
  ])("is refused: %s", async (_, values) => {
    const pipeline = createPipeline({ "a.csv": "id\n1\n" }, {}, { replanner: { maxReplans: 0 } });
    const run = pipeline.start("load", values).then(({ status }) => status);
    await expect(run.catch(() => "refused")).resolves.toMatch(/refused|incomplete/);
  });

  it("is data, whatever it looks like", async () => {
    const pipeline = createPipeline({
      "a.csv": `"x"";drop table a;--",{{with.tables}}\n'; drop table a; --,1\n2\n{{validate}},3\n"",4\n`,
    });
    const run = await pipeline.run("load", { tables: "a", database: "out.db" });
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", "select * from a")).toEqual([
      ["'; drop table a; --", "1"],
      ["{{validate}}", "3"],
      [null, "4"],
    ]);
    expect(pipeline.query("out.db", "select reason from pipeline_quarantine")).toEqual([
      ["it has 1 values, not 2"],
    ]);
  });

  it("is taken back by the next validation, tables that were derived too", async () => {
    const files = {
      "a.csv": "id,b\n1,\n",
      "b.csv": "id,a\n1,1\n",
      "schema.sql":
        "create table a (id integer primary key, b integer references b); create table b (id integer primary key, a integer references a);",
    };
    const validate = { tool: "validate", args: { tables: ["b"] } };
    const derive = (table: string) => ({
      tool: "derive",
      args: { table, sql: "select count(*) as n from b" },
    });
    const steps = [
      { id: "1", ...validate },
      { id: "2", ...derive("d") },
      { id: "3", ...derive("d") },
      { id: "4", ...validate },
      { id: "5", ...derive("d") },
      { id: "6", ...derive("a") },
    ];
    const pipeline = createPipeline(files, { planner: planCall(steps) }, { replanner: { maxReplans: 0 } });
    const run = await pipeline.agent.invoke({ input: "Derive" }, thread);
    expect(run.pastSteps.map(({ status }) => status)).toEqual([
      "done",
      "done",
      "done",
      "done",
      "done",
      "failed",
    ]);
    expect(run.pastSteps[4]?.output).toMatchObject({ table: "d", rows: 1 });
  });

  it("is one query that changes nothing, where a table is derived by SQL", async () => {
    const sqls = ["select 1; drop table a", "delete from a", "select * from nobody"];
    for (const sql of sqls) {
      const steps = [
        { id: "validate", tool: "validate", args: { tables: ["a"] } },
        { id: "derive", tool: "derive", args: { table: "d", sql } },
      ];
      const pipeline = createPipeline(
        { "a.csv": "id\n1\n" },
        { planner: planCall(steps) },
        { replanner: { maxReplans: 0 } },
      );
      const run = await pipeline.agent.invoke({ input: "Derive" }, thread);
      expect([sql, run.outcome?.failed.map(({ id }) => id)]).toEqual([sql, ["derive"]]);
    }
  });
});
