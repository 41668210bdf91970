import { readdirSync } from "node:fs";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
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
    const { turnId } = (await pipeline.agent.getState({ configurable: { thread_id: "1" } })).values;
    const configurable = { thread_id: "1", idempotency_key: `${turnId}:${step?.id}` };
    const load = createLoadTool({ data: pipeline.data, workspace: pipeline.workspace });
    const before = countAll(pipeline);
    const args = {
      database: "sales.db",
      tables: [{ dataset: "orders.3", table: "orders", mode: "append" as const }],
    };
    expect(await load.invoke(args, { configurable })).toEqual(step?.output);
    expect(countAll(pipeline)).toEqual(before);
    await expect(
      load.invoke(args, { configurable: { ...configurable, idempotency_key: `${turnId}:x` } }),
    ).rejects.toThrow(/UNIQUE/);
    expect(countAll(pipeline)).toEqual(before);
  });

  it("that was cut off behind its commit is found, not done again", async () => {
    const checkpointer = new MemorySaver();
    const controller = new AbortController();
    const pipeline = createPipeline(undefined, {
      checkpointer,
      // The load has committed, and nobody has heard of it: as after a kill.
      onEvent: (event) => {
        if (event.type === "step.started" && event.stepId.startsWith("load"))
          controller.abort(new Error("killed"));
      },
    });
    const thread = { configurable: { thread_id: "1" } };
    await expect(
      pipeline.agent.invoke({ input: GOAL }, { ...thread, signal: controller.signal }),
    ).rejects.toThrow("killed");
    const run = await pipeline.agent.invoke(null, thread);
    expect(run.status).toBe("done");
    expect(countAll(pipeline)).toEqual([7, 9, 6, 4, 1]);
  });

  it("goes on after a cut at any step, with what was staged before", async () => {
    for (const cut of ["extract", "repair", "quarantine", "transform", "write_report"]) {
      const controller = new AbortController();
      const pipeline = createPipeline(undefined, {
        onEvent: (event) => {
          if (event.type === "step.started" && event.tool === cut)
            controller.abort(new Error(`cut at ${cut}`));
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
});
