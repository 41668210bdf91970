import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPipeline } from "./pipeline-run.js";

const GOAL = "Load a into out.db";

describe("what cannot be loaded", () => {
  it.each([
    [
      "a source that is not there",
      { "b.csv": "x\n1\n" },
      'There is no source "a". The data folder has b (b.csv)',
    ],
    ["an empty file", { "a.csv": "" }, '"a.csv" is empty'],
    ["a quote that nobody closes", { "a.csv": 'x,y\n1,"2\n' }, '"a.csv" is no CSV file'],
    ["text that is no JSON", { "a.json": '[{"x": 1]' }, '"a.json" is no JSON'],
    ["a file that is no database", { "a.db": "just text, and no database at all" }, '"a.db"'],
    ["broken rules", { "a.csv": "x\n1\n", "rules.json": '{"tables": {"a": {"colums": {}}}}' }, "tables.a"],
    [
      "a column that the rules name and the table has not",
      { "a.csv": "x\n1\n", "rules.json": '{"tables":{"a":{"columns":{"y":{"type":"date"}}}}}' },
      "a has no column y; it has x",
    ],
    [
      "fewer rows than the rules want",
      { "a.csv": "x\n1\n", "rules.json": '{"tables":{"a":{"minRows":2}}}' },
      "a has 1 rows, fewer than 2",
    ],
    [
      "rows of which none would be left",
      { "a.csv": "x\nno\nnor\n", "rules.json": '{"tables":{"a":{"columns":{"x":{"type":"integer"}}}}}' },
      "no row would be left",
    ],
    [
      "more bad rows than the rules allow",
      {
        "a.csv": "x\n1\n2\nno\n",
        "rules.json": '{"tables":{"a":{"maxQuarantine":0.3,"columns":{"x":{"type":"integer"}}}}}',
      },
      "the rules allow 30 %",
    ],
    [
      "two sources of one name",
      { "a.csv": "x\n1\n", "a.json": '[{"x":2}]' },
      '"a" may be any of these: a.csv, a.json',
    ],
  ])("is said plainly, and nothing is loaded: %s", async (_, files, message) => {
    const pipeline = createPipeline(files);
    const run = await pipeline.run(GOAL);
    expect(run.response).toContain(message);
    expect(run.response).toContain("Nothing was loaded");
    expect(run.status).not.toBe("done");
    expect(existsSync(join(pipeline.workspace, "out.db"))).toBe(false);
  });

  it("is not half-loaded where one of several tables fails in the database", async () => {
    const pipeline = createPipeline({ "a.csv": "id,x\n1,1\n", "b.csv": "z\n1\n" });
    await pipeline.run("Load b into out.db", "1");
    const run = await pipeline.run("Load a and b into out.db", "2");
    expect(run.response).toContain(
      'The table "b" has 1 rows, and nothing tells which of the new ones are the same',
    );
    expect(run.response).toContain("Nothing was loaded");
    expect(pipeline.query("out.db", "select name from sqlite_schema where name in ('a', 'b')")).toEqual([
      ["b"],
    ]);
    expect(pipeline.query("out.db", "select count(*) from b")).toEqual([[1]]);
    expect(pipeline.query("out.db", "select count(*) from pipeline_loads")).toEqual([[1]]);
  });

  it("takes no row out where the goal forbids it", async () => {
    const rules = '{"tables":{"a":{"columns":{"x":{"type":"integer"}}}}}';
    const pipeline = createPipeline({ "a.csv": "x\n1\nno\n", "rules.json": rules });
    const run = await pipeline.run("Load a into out.db, and do not quarantine anything");
    expect(run.response).toContain('row 2: x is no integer: "no"');
    expect(existsSync(join(pipeline.workspace, "out.db"))).toBe(false);
  });

  it("says what it does not know instead of guessing", async () => {
    const pipeline = createPipeline({ "a.csv": "x,y\n1,2\n" });
    expect((await pipeline.run("Load a into out.db with profit by x", "1")).response).toContain(
      'I do not know what "profit" is',
    );
    expect((await pipeline.run("Load a into out.db with y by region", "2")).response).toContain(
      'called "region"',
    );
    expect((await pipeline.run("Load a", "3")).response).toContain("Say into which database");
    expect(existsSync(join(pipeline.workspace, "out.db"))).toBe(false);
  });

  it("warns of what looks wrong and breaks no rule, and loads it as it is", async () => {
    const pipeline = createPipeline({ "a.csv": "id,x\n1,5\n2,n/a\n2,7\n" });
    const run = await pipeline.run(GOAL);
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", "select id, x from a")).toEqual([
      [1, "5"],
      [2, "n/a"],
      [2, "7"],
    ]);
    expect(run.response).toContain("x: 2 of 3 values are a number; the column is kept as it is");
    expect(run.response).toContain("id is called like a key and is missing or occurs twice in some rows");
  });

  it("stays inside the workspace, and leaves its sources alone", async () => {
    const pipeline = createPipeline({
      "a.db": [{ create: "create table a (x)", insert: "insert into a values (?)", rows: [[1]] }],
    });
    const before = readFileSync(join(pipeline.data, "a.db"));
    const run = await pipeline.run("Load a into ../data/a.db");
    expect(run.response).toContain("is not a file of the workspace");
    await pipeline.run("Load a into copy.db", "2");
    expect(pipeline.query("copy.db", "select x from a")).toEqual([[1]]);
    expect(readFileSync(join(pipeline.data, "a.db"))).toEqual(before);
    expect(existsSync(join(pipeline.data, "a.db-wal"))).toBe(false);
  });
});
