import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import Sqlite from "better-sqlite3";
import { onTestFinished } from "vitest";
import { createGraph } from "../../../graphs/data-pipeline.js";
import type { FieldGraphOptions } from "../../../graphs/shared/folders.js";

/** A table of a SQLite source: what makes it, and its rows. */
export interface SourceTable {
  readonly create: string;
  readonly insert: string;
  readonly rows: readonly (readonly unknown[])[];
}

/** A pipeline with folders of its own. */
export interface Pipeline {
  readonly data: string;
  readonly workspace: string;
  /** Runs a goal on a thread. */
  run(goal: string, thread?: string): Promise<Awaited<ReturnType<ReturnType<typeof createGraph>["invoke"]>>>;
  readonly agent: ReturnType<typeof createGraph>;
  /** The rows that a query of a loaded database gives, as lists. */
  query(database: string, sql: string): unknown[][];
}

/** Makes a data folder of these files (text, or SQLite tables), and the graph over it; both are removed with the test. */
export function createPipeline(
  files: Readonly<Record<string, string | readonly SourceTable[]>> | undefined,
  options: FieldGraphOptions = {},
): Pipeline {
  const root = mkdtempSync(join(tmpdir(), "plan-execute-pipeline-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const workspace = join(root, "workspace");
  const data = join(root, "data");
  mkdirSync(data);
  for (const [name, content] of Object.entries(files ?? {})) {
    writeSource(join(data, name), content);
  }
  const agent = createGraph({
    model: "offline",
    checkpointer: new MemorySaver(),
    workspace,
    ...(files !== undefined && { data }),
    ...options,
  });
  return {
    data,
    workspace,
    agent,
    run: (goal, thread = "1") => agent.invoke({ input: goal }, { configurable: { thread_id: thread } }),
    query: (database, sql) => query(join(workspace, database), sql),
  };
}

/** Writes a source file: text as it is, tables as SQLite. */
export function writeSource(path: string, content: string | readonly SourceTable[]): void {
  if (typeof content === "string") {
    writeFileSync(path, content);
    return;
  }
  const database = new Sqlite(path);
  for (const { create, insert, rows } of content) {
    database.exec(create);
    const statement = database.prepare(insert);
    for (const row of rows) {
      statement.run(...row);
    }
  }
  database.close();
}

function query(path: string, sql: string): unknown[][] {
  const database = new Sqlite(path, { readonly: true });
  try {
    return database
      .prepare(sql)
      .raw()
      .all()
      .map((row) => (Array.isArray(row) ? row : [row]));
  } finally {
    database.close();
  }
}
