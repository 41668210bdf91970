import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createLoadTool } from "../../../graphs/data-pipeline/tools/load.js";
import { createPipeline, writeSource } from "./pipeline-run.js";

const GOAL = "Load customers and orders into sales.db, with revenue by customer";
const TABLES = ["customers", "orders", "revenue_by_customer", "pipeline_quarantine", "pipeline_loads"];

const countAll = ({ query }: ReturnType<typeof createPipeline>) =>
  TABLES.map((table) => query("sales.db", `select count(*) from ${table}`)[0]?.[0]);

describe("a load", () => {
  it("that is done again under its key leaves the rows once", async () => {
    const pipeline = createPipeline(undefined);
    const run = await pipeline.run(GOAL);
    const step = run.pastSteps.find(({ tool }) => tool === "load");
    const { turn } = (await pipeline.agent.getState({ configurable: { thread_id: "1" } })).values;
    const configurable = { thread_id: "1", idempotency_key: `${turn?.id}:${step?.id}` };
    const load = createLoadTool({ data: pipeline.data, workspace: pipeline.workspace });
    const before = countAll(pipeline);
    const args = {
      database: "sales.db",
      tables: [{ dataset: "orders.3", table: "orders", mode: "append" as const }],
    };
    expect(await load.invoke(args, { configurable })).toEqual(step?.output);
    expect(countAll(pipeline)).toEqual(before);
    await expect(
      load.invoke(args, { configurable: { ...configurable, idempotency_key: `${turn?.id}:x` } }),
    ).rejects.toThrow(/UNIQUE/);
    expect(countAll(pipeline)).toEqual(before);
  });

  it("goes on after a cut at any step, with what was staged before", async () => {
    for (const cut of ["extract", "repair", "quarantine", "transform", "load", "write_report"]) {
      const controller = new AbortController();
      const pipeline = createPipeline(undefined, {
        onEvent: (event) => {
          if (event.type === "step.started" && event.tool === cut) {
            controller.abort(new Error(`cut at ${cut}`));
          }
        },
      });
      const thread = { configurable: { thread_id: "1" } };
      const first = pipeline.agent.invoke({ input: GOAL }, { ...thread, signal: controller.signal });
      await expect(first).rejects.toThrow(cut);
      const run = await pipeline.agent.invoke(null, thread);
      expect([cut, run.status, ...countAll(pipeline)]).toEqual([cut, "done", 7, 9, 6, 4, 1]);
    }
  }, 60_000);

  it("of the same sources in the next turn replaces its rows, and the figures follow the sources", async () => {
    const pipeline = createPipeline({
      "people.csv": "id,name\n1,Ann\n2,Bob\n",
      "gifts.csv": "id,person_id,amount\n1,1,10\n2,2,20\n",
    });
    const goal = "Load people and gifts into g.db, with amount by person";
    await pipeline.run(goal);
    writeSource(join(pipeline.data, "gifts.csv"), "id,person_id,amount\n2,2,25\n3,1,1\n");
    const run = await pipeline.run(goal);
    expect(run.status).toBe("done");
    expect(pipeline.query("g.db", "select * from gifts order by id")).toEqual([
      [1, 1, 10],
      [2, 2, 25],
      [3, 1, 1],
    ]);
    // What the sources say now: the gift that is no longer in them is not in the figures.
    expect(pipeline.query("g.db", "select * from amount_by_person order by person_id")).toEqual([
      [1, "Ann", 1],
      [2, "Bob", 25],
    ]);
    const next = await pipeline.run("And add the number of gifts by person");
    expect(next.status).toBe("done");
    expect(pipeline.query("g.db", "select * from number_of_gifts_by_person order by 1")).toEqual([
      [1, "Ann", 1],
      [2, "Bob", 1],
    ]);
  });

  it("of one run does not see what another stages at the same moment", async () => {
    const pipeline = createPipeline(undefined);
    const runs = await Promise.all([
      pipeline.run("Load customers and orders into one.db", "1"),
      pipeline.run("Load orders into two.db where status is open", "2"),
      pipeline.run("Load customers and orders into one.db", "3"),
    ]);
    expect(runs.map(({ status }) => status)).toEqual(["done", "done", "done"]);
    expect(
      pipeline.query("one.db", "select (select count(*) from customers), (select count(*) from orders)"),
    ).toEqual([[7, 9]]);
    expect(pipeline.query("two.db", "select order_id from orders")).toEqual([[1010]]);
    expect(new Set(runs.map(({ response }) => / in (\S+)\.$/.exec(response)?.[1])).size).toBe(3);
    expect(
      readdirSync(join(pipeline.workspace, "staging")).filter((name) => name.endsWith(".db")),
    ).toHaveLength(3);
  });

  it.each(["at the beginning", "after the commit"])(
    "leaves its rows once where its process is killed: %s",
    async (when) => {
      const { workspace, query } = createPipeline({});
      const folder = dirname(workspace);
      expect(await runProcess(folder, GOAL, when)).toEqual({ signal: "SIGKILL", told: "" });
      expect(existsSync(join(workspace, "sales.db"))).toBe(when === "after the commit");
      expect(await runProcess(folder)).toEqual({ signal: null, told: "done" });
      expect(TABLES.map((table) => query("sales.db", `select count(*) from ${table}`)[0]?.[0])).toEqual([
        7, 9, 6, 4, 1,
      ]);
    },
    60_000,
  );
});

function runProcess(...args: readonly string[]) {
  const program = fileURLToPath(new URL("load-process.ts", import.meta.url));
  return new Promise<{ signal: string | null; told: string }>((resolve) => {
    execFile(process.execPath, ["--import", "tsx", program, ...args], (error, told) => {
      resolve({ signal: error?.signal ?? null, told });
    });
  });
}
