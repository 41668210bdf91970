import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createPipeline } from "./pipeline-run.js";

const EVIL = `x"; drop table "a"; --`;

describe("hostile data", () => {
  it("comes through as it is: quotes, lines, SQL, references and marks in names and values", async () => {
    const columns = ["id", EVIL, "{{extract}}", "a,\nb", "__proto__", "constructor"];
    const values = [
      "1",
      "'); delete from a; --",
      "{{sources.0}}",
      'two\n"lines"',
      "{}",
      "\u202e| **bold** |",
    ];
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const pipeline = createPipeline({
      "a.csv": `\uFEFF${columns.map(quote).join(",")}\r\n${values.map(quote).join(",")}\r\n`,
    });
    const run = await pipeline.run("Load a into out.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", "select name from pragma_table_info('a')").flat()).toEqual(columns);
    expect(pipeline.query("out.db", "select * from a")).toEqual([[1, ...values.slice(1)]]);
  });

  it("does no harm as the name of a table, a key or a reason", async () => {
    const pipeline = createPipeline({
      "a.db": [
        {
          create: `create table "${EVIL.replaceAll('"', '""')}" ("k""ey" text, n)`,
          insert: `insert into "${EVIL.replaceAll('"', '""')}" values (?, ?)`,
          rows: [
            ["' or 1=1 --", 1],
            ["|<script>\n{{x}}", "no"],
            ["b", 2],
          ],
        },
      ],
      "rules.json": JSON.stringify({
        tables: {
          [EVIL]: {
            key: ['k"ey'],
            columns: { n: { type: "integer" }, 'k"ey': { oneOf: ["b", "' or 1=1 --"] } },
          },
        },
      }),
    });
    const run = await pipeline.run("Load everything into out.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", `select * from "${EVIL.replaceAll('"', '""')}"`)).toEqual([
      ["' or 1=1 --", 1],
      ["b", 2],
    ]);
    expect(run.response).not.toContain("|<script>");
    const again = await pipeline.run("Load everything into out.db", "2");
    expect(again.status).toBe("done");
    expect(pipeline.query("out.db", `select count(*) from "${EVIL.replaceAll('"', '""')}"`)).toEqual([[2]]);
  });

  it("does not change what only looks like a number, a date or a truth", async () => {
    const pipeline = createPipeline({
      "a.csv":
        "zip,big,exp,day,word,space,yes\n01234,12345678901234567890,1e5,2026-02-30,NULL, 7,1\n98765,1,2,2026-01-01,x,8,0\n",
      "b.json":
        '[{"id":1,"mix":5,"ok":true,"list":[1,"a"]},{"id":2,"mix":"05","ok":false},{"id":12345678901234567890,"mix":1,"ok":true}]',
      "c.db": [
        {
          create: "create table c (big integer, raw blob, note text)",
          insert: "insert into c values (?, ?, ?)",
          rows: [[9007199254740993n, Buffer.from([0, 255]), "7"]],
        },
      ],
    });
    const run = await pipeline.run("Load everything into out.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", "select * from a")).toEqual([
      ["01234", "12345678901234567890", "1e5", "2026-02-30", "NULL", " 7", 1],
      ["98765", "1", "2", "2026-01-01", "x", "8", 0],
    ]);
    expect(pipeline.query("out.db", "select id, mix, typeof(mix), ok, list from b")).toEqual([
      [1, 5, "integer", 1, '[1,"a"]'],
      [2, "05", "text", 0, null],
    ]);
    expect(pipeline.query("out.db", "select reason from pipeline_quarantine")).toEqual([
      ["id is too large a number to be read exactly: write it as text"],
    ]);
    expect(pipeline.query("out.db", "select * from c")).toEqual([["9007199254740993", "00FF", "7"]]);
  });

  it("takes rows of another length, and columns without a name or with one twice", async () => {
    const pipeline = createPipeline({ "a.csv": "id;;Id\n1;x;y\n2;x\n3;x;y;z;more\n\n4;x;y\n" });
    const run = await pipeline.run("Load a into out.db");
    expect(run.status).toBe("done");
    expect(pipeline.query("out.db", "select id, column_2, Id_2 from a")).toEqual([
      [1, "x", "y"],
      [4, "x", "y"],
    ]);
    expect(pipeline.query("out.db", "select source_row, reason from pipeline_quarantine")).toEqual([
      [2, "it has 2 values and the table 3 columns"],
      [3, 'it has 5 values and the table 3 columns, the others are ["z","more"]'],
    ]);
  });

  it.each(["/etc/out.db", "../out.db", "staging/out.db", "a/../../out.db"])(
    "loads nothing into %s",
    async (path) => {
      const pipeline = createPipeline({ "a.csv": "x\n1\n" });
      const run = await pipeline.run(`Load a into ${path}`);
      expect(run.response).toContain("is not a file of the workspace");
      expect(existsSync(join(pipeline.workspace, path))).toBe(false);
    },
  );
});
