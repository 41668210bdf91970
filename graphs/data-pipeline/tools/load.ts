import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import { openDatabase } from "../../shared/open-database.js";
import { enterLoad, findLoad, LOADS_TABLE, prepareLedger, QUARANTINE_TABLE } from "../load/load-ledger.js";
import { loadTable, type TableLoad } from "../load/load-table.js";
import { readRun } from "../run.js";
import { type Staging, withStaging } from "../staging.js";
import { workspaceFile } from "../target-path.js";
import type { Folders } from "./folders.js";

const tableSchema = z.object({
  dataset: z.string().describe("a dataset that has passed its validation"),
  table: z.string().min(1).describe("the table's name in the database"),
  key: z.array(z.string()).optional().describe("the columns that tell its rows apart"),
  mode: z
    .enum(["upsert", "append", "replace"])
    .optional()
    .describe(
      "upsert (default): rows of the same key are replaced; append; replace: all rows that are there go first",
    ),
});

const loadSchema = z.object({
  database: z.string().describe("the SQLite file in the workspace, as sales.db"),
  tables: z.array(tableSchema).min(1).describe("all that belongs together: it is loaded whole or not at all"),
});

/** A tool that loads datasets into SQLite in one transaction: `{ database, tables }` → `{ database, tables, quarantined }`. */
export function createLoadTool(folders: Folders) {
  return tool(
    async ({ database: file, tables }, config) => {
      const run = readRun(config);
      const workspace = workspaceFor(folders.workspace, requesterOf(config));
      const path = workspaceFile(workspace, file, [".db", ".sqlite", ".sqlite3"]);
      const database = await openDatabase(path);
      try {
        return await withStaging(workspace, run, (staging) => {
          const result = database.transaction(() => {
            prepareLedger(database);
            const before = findLoad(database, run.key);
            if (before !== undefined) {
              return before;
            }
            const loads = tables.map((table) => toLoad(staging, table));
            const loaded = loads.map((load) => ({ ...loadTable(database, load) }));
            const quarantined = staging.quarantined();
            const done = { database: file, tables: loaded, quarantined: quarantined.length };
            enterLoad(database, run, done, quarantined);
            return done;
          });
          staging.note("load", file, result);
          return result;
        });
      } finally {
        database.close();
      }
    },
    {
      name: "load",
      description: `Loads datasets into tables of a SQLite database in the workspace, all in one transaction, and reads back what stands there: either everything is loaded as it is, or nothing. Makes what is not there yet. Rows that were quarantined go into its table ${QUARANTINE_TABLE}.`,
      schema: loadSchema,
    },
  );
}

function toLoad(
  staging: Staging,
  { dataset: name, table, key = [], mode = "upsert" }: z.infer<typeof tableSchema>,
): TableLoad {
  const dataset = staging.get(name);
  if (dataset.isValid !== true) {
    throw new Error(`"${name}" has not passed a validation. Validate it first.`);
  }
  if (/^sqlite_/i.test(table) || [LOADS_TABLE, QUARANTINE_TABLE].includes(table.toLowerCase())) {
    throw new Error(`"${table}" is a table that SQLite or the pipeline keeps for itself. Give another name.`);
  }
  const { columns } = dataset;
  const missing = key.find((column) => !columns.some((known) => known.name === column));
  if (missing !== undefined) {
    throw new Error(
      `The key "${missing}" is no column of "${name}": ${columns.map((column) => column.name).join(", ")}.`,
    );
  }
  return { table, columns, rows: staging.rows(dataset), key, mode };
}

const argumentsSchema = z.object({ tables: z.array(tableSchema) });

/** Whether a call takes away rows that are there; one that is not understood may. */
export function isReplacing(args: unknown): boolean {
  const read = argumentsSchema.safeParse(args);
  return !read.success || read.data.tables.some(({ mode }) => mode === "replace");
}
