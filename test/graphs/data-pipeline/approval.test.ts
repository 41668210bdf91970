import { Command } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createPipeline } from "./pipeline-run.js";

const FILES = { "a.csv": "id,x\n1,one\n" };
const thread = { configurable: { thread_id: "2" } };

/** A database with a row that is not in the sources, and a run that waits to replace it. */
async function waiting(options = {}) {
  const pipeline = createPipeline({ "a.csv": "id,x\n9,old\n", "b.csv": FILES["a.csv"] }, options);
  await pipeline.run("Load a into out.db", "1");
  const run = await pipeline.run("Load a and b into out.db and replace what is there", "2");
  expect(run.status).toBe("waiting");
  return pipeline;
}

const answer = (pipeline: Awaited<ReturnType<typeof waiting>>, decision: unknown) =>
  pipeline.agent.invoke(new Command({ resume: { decisions: [decision] } }), thread);

describe("a load that takes away rows which are there", () => {
  it("waits for a person, and is made once it is approved", async () => {
    const pipeline = await waiting();
    expect(pipeline.query("out.db", "select name from sqlite_schema where name = 'b'")).toEqual([]);
    expect((await answer(pipeline, { type: "approve" })).status).toBe("done");
    expect(pipeline.query("out.db", "select * from b")).toEqual([[1, "one"]]);
  });

  it("is made as a person edits it", async () => {
    const pipeline = await waiting();
    const args = { database: "other.db", tables: [{ dataset: "b", table: "copies", key: ["id"] }] };
    expect((await answer(pipeline, { type: "edit", editedAction: { name: "load", args } })).status).toBe(
      "done",
    );
    expect(pipeline.query("other.db", "select * from copies")).toEqual([[1, "one"]]);
    expect(pipeline.query("out.db", "select * from a")).toEqual([[9, "old"]]);
  });

  it("is not made where a person rejects it, and that is said", async () => {
    const pipeline = await waiting();
    const run = await answer(pipeline, { type: "reject", message: "keep it" });
    expect(run.response).toContain("was rejected. Nothing was loaded");
    expect(run.status).toBe("incomplete");
    expect(pipeline.query("out.db", "select * from a")).toEqual([[9, "old"]]);
  });

  it("still waits where the caller has rules of approval for other tools", async () => {
    await waiting({ approval: { tools: { quarantine: true } }, executor: { concurrency: 1 } });
  });

  it("is another thing than one that replaces rows of the same key, which needs nobody", async () => {
    const pipeline = createPipeline(FILES);
    await pipeline.run("Load a into out.db", "1");
    expect((await pipeline.run("Load a into out.db", "2")).status).toBe("done");
    expect(pipeline.query("out.db", "select * from a")).toEqual([[1, "one"]]);
  });
});
