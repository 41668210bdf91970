// A data pipeline in one file: CSV files become tables of a SQLite database. SQLite itself checks each row by the rules in
// schema.sql. Wrong rows go into quarantine with their reasons, and the rest is loaded in one transaction.
//
// - Which call waits for a person? `load`, always: see WAITING.
// - What makes a step unexpected? A validation in which too many rows are wrong: see UNEXPECTED. The replanner may then
//   validate again with another delimiter or decimal mark: see INSTRUCTIONS.
// - What is never done unasked? A row that is there with other values is not replaced. The load fails and says so.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tool } from "@langchain/core/tools";
import { parse } from "csv-parse/sync";
import {
  type ApprovalRule,
  createPlanExecuteAgent,
  type OutputCheck,
  type PlanExecuteAgent,
  requesterOf,
  type SavedPlan,
} from "langgraph-plan-execute";
import { z } from "zod";
import {
  type FieldGraphOptions,
  servedWorkspace,
  takeFolders,
  type Workspace,
  workspaceFor,
} from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";
import { type Database, openDatabase, type SqlValue } from "./shared/open-database.js";
import { makePrivateFile, makePrivateFolder, replaceFile } from "./shared/private-files.js";

/** The fields of a run's context that are this graph's own. */
const CONTEXT = z.object({
  maxBadShare: z.number().min(0).max(1).default(0.3).describe("The most rows of a table that may be wrong."),
});

// 1. The staging area: a SQLite file for each run, with the tables of schema.sql. Steps hand on names and figures, never
// rows.

const STAGING = `
  create table if not exists _quarantine ("table" text, row integer, reason text, content text);
  create table if not exists _note (kind text, subject text, details text, primary key (kind, subject));`;

interface Folders {
  readonly data: string;
  readonly workspace: Workspace;
}

/** One call of a tool. */
interface Call {
  readonly staging: Database;
  readonly workspace: string;
  /** The run's id, the same for all steps of a turn. */
  readonly run: string;
  /** The same whenever the same call is made again, also after a crash. It begins with the turn's id. */
  readonly key: string;
  readonly maxBadShare: number;
}

const callSchema = z.object({
  thread_id: z.string().default(""),
  idempotency_key: z.string().default(randomUUID),
});
const configSchema = z.object({ configurable: callSchema, context: CONTEXT.nullish() });

async function inStaging<Result>(
  { data, workspace: folder }: Folders,
  config: object,
  work: (call: Call) => Result,
): Promise<Result> {
  const { configurable, context } = configSchema.parse(config);
  const { thread_id, idempotency_key: key } = configurable;
  const turn = JSON.stringify([thread_id, key.split(":")[0]]);
  const run = createHash("sha256").update(turn).digest("hex").slice(0, 16);
  const workspace = workspaceFor(folder, requesterOf(config));
  const staging = await openDatabase(join(workspace, "staging", `${run}.db`));
  try {
    const rules = join(data, "schema.sql");
    if (columnsOf(staging, "_note").length === 0) {
      staging.exec(STAGING + (existsSync(rules) ? readFileSync(rules, "utf8") : ""));
    }
    return work({ staging, workspace, run, key, ...(context ?? CONTEXT.parse({})) });
  } finally {
    staging.close();
  }
}

/** Notes what was done. The report is made of these notes, and not of what a plan says. */
function note<Details extends object>(call: Call, kind: string, subject: string, details: Details): Details {
  const sql = "insert or replace into _note values (?, ?, ?)";
  call.staging.prepare(sql).run(kind, subject, JSON.stringify(details));
  return details;
}

/** A name as SQL has it, whatever is in it. */
const quote = (name: string) => `"${name.replaceAll('"', '""')}"`;

const count = (database: Database, rows: string) =>
  Number(database.prepare(`select count(*) as n from ${rows}`).get()?.n);

function columnsOf(database: Database, table: string) {
  const columns = database.prepare("select name, type, pk from pragma_table_info(?)").all(table);
  return z.array(z.object({ name: z.string(), type: z.string(), pk: z.number() })).parse(columns);
}

// 2. The tools.

const tableName = z.string().regex(/^(?!sqlite_|pipeline_)[a-z]\w{0,60}$/i, "must be letters, digits and _");
const tables = z.array(tableName).min(1);
const validateSchema = z.object({
  tables: tables.describe("Names of CSV files in the data folder, without .csv."),
  delimiter: z.string().length(1).default(","),
  decimal: z.enum([".", ","]).default(".").describe("What stands before decimals."),
});
type Validate = z.infer<typeof validateSchema>;
const checkedSchema = z.object({ table: z.string(), rows: z.int(), repaired: z.int(), bad: z.int() });
const validationSchema = z.object({
  tables: z.array(checkedSchema.extend({ reasons: z.array(z.string()) })),
  maxBadShare: z.number(),
});

/** Reads a value that can be read in one way only. What is no value of its type stays text, and SQLite refuses it. */
function readValue(written: string, type: string, decimal: Validate["decimal"]): string | number {
  const text = written.trim();
  if (type !== "INTEGER" && type !== "REAL") {
    const date = text.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, "$3-$2-$1");
    return date.replace(/^(\d{4})\/(\d\d)\/(\d\d)$/, "$1-$2-$3");
  }
  const number = decimal === "." ? text : text.replace(/[.,]/g, (mark) => (mark === "." ? "," : "."));
  const isNumber = /^-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/.test(number);
  return isNumber ? Number(number.replaceAll(",", "")) : text;
}

/** The tables that a table refers to. */
function parentsOf(staging: Database, table: string): string[] {
  const sql = `select distinct "table" as name from pragma_foreign_key_list(?) where "table" <> ?`;
  const rows = staging.prepare(sql).all(table, table);
  return rows.map(({ name }) => String(name));
}

/** Inserts a row, or says why SQLite does not take it. An empty value is left out, so that a default takes its place. */
function insertRow(staging: Database, table: string, row: ReadonlyMap<string, SqlValue>): string | undefined {
  const given = [...row].filter(([, value]) => value !== "");
  const [names, marks] = [given.map(([name]) => quote(name)).join(", "), given.map(() => "?").join(", ")];
  try {
    staging
      .prepare(`insert into ${quote(table)} (${names}) values (${marks})`)
      .run(...given.map(([, value]) => value));
    return undefined;
  } catch (error) {
    const { code, message } = z.looseObject({ code: z.string(), message: z.string() }).parse(error);
    if (!code.startsWith("SQLITE_CONSTRAINT")) {
      throw error;
    }
    const isUnknown = code === "SQLITE_CONSTRAINT_FOREIGNKEY";
    return isUnknown ? `it refers to what is not in ${parentsOf(staging, table).join(" or ")}` : message;
  }
}

/** Takes all back: derived tables go, and the others are empty, in whatever order they refer to each other. */
function clear(staging: Database): void {
  for (const { subject } of staging.prepare("select subject from _note where kind = 'derive'").all()) {
    staging.exec(`drop table ${quote(String(subject))}`);
  }
  staging.exec("pragma defer_foreign_keys = on");
  for (const { name } of staging.prepare("select name from sqlite_schema where type = 'table'").all()) {
    staging.exec(`delete from ${quote(String(name))}`);
  }
  staging.exec("pragma defer_foreign_keys = off");
}

/** Fills a table from its file. A row that SQLite does not take goes into quarantine. */
function fillTable(call: Call, { data }: Folders, table: string, given: Validate) {
  const { staging } = call;
  const file = join(data, `${table}.csv`);
  if (!existsSync(file)) {
    const files = readdirSync(data).filter((name) => name.endsWith(".csv"));
    throw new Error(`There is no ${table}.csv. There are: ${files.join(", ")}.`);
  }
  const options = { bom: true, delimiter: given.delimiter, relax_column_count: true, skip_empty_lines: true };
  const [names = [], ...rows] = z.array(z.array(z.string())).parse(parse(readFileSync(file), options));
  // Without a rule every value is taken as it is.
  staging.exec(`create table if not exists ${quote(table)} (${names.map(quote).join(", ")})`);
  const types = new Map(columnsOf(staging, table).map(({ name, type }) => [name, type]));
  const unknown = names.filter((name) => !types.has(name));
  if (unknown.length > 0) {
    const known = [...types.keys()].join(", ");
    throw new Error(`${table} has the columns ${known}, not ${unknown.join(", ")}. Is the delimiter right?`);
  }
  const quarantine = staging.prepare("insert into _quarantine values (?, ?, ?, ?)");
  const reasons: string[] = [];
  let repaired = 0;
  for (const [index, row] of rows.entries()) {
    const values = names.map((name, at) => readValue(row[at] ?? "", types.get(name) ?? "", given.decimal));
    const read = new Map(names.map((name, at) => [name, values[at] ?? ""]));
    const isWhole = row.length === names.length;
    const reason = isWhole
      ? insertRow(staging, table, read)
      : `it has ${row.length} values, not ${names.length}`;
    if (reason === undefined) {
      repaired += values.filter((value, at) => String(value) !== row[at] && Number(row[at]) !== value).length;
    } else {
      quarantine.run(table, index + 1, reason, JSON.stringify(row));
      reasons.push(`row ${index + 1}: ${reason}`);
    }
  }
  const checked = note(call, "validate", table, { table, rows: rows.length, repaired, bad: reasons.length });
  return { ...checked, reasons: reasons.slice(0, 5) };
}

function createValidateTool(folders: Folders) {
  return tool(
    (given: Validate, config) =>
      inStaging(folders, config, (call): z.infer<typeof validationSchema> => {
        // Tables come after those that they refer to, which are read even if nobody asked for them.
        const [seen, ordered] = [new Set<string>(), new Set<string>()];
        const add = (table: string) => {
          if (!seen.has(table)) {
            seen.add(table);
            parentsOf(call.staging, table).forEach(add);
            ordered.add(table);
          }
        };
        given.tables.forEach(add);
        const checked = call.staging.transaction(() => {
          clear(call.staging);
          return [...ordered].map((table) => fillTable(call, folders, table, given));
        });
        return { tables: checked, maxBadShare: call.maxBadShare };
      }),
    {
      name: "validate",
      description:
        "Reads CSV files into the staging area and checks each row by schema.sql. Wrong rows go into quarantine. A call replaces what the one before it staged.",
      schema: validateSchema,
      metadata: { outputSchema: validationSchema },
    },
  );
}

const deriveSchema = z.object({
  table: tableName.describe("A name of its own."),
  sql: z.string().min(1).describe("One query (SQLite) over validated tables."),
  key: z.array(z.string()).default([]).describe("The columns that tell its rows apart."),
});

function createDeriveTool(folders: Folders) {
  return tool(
    ({ table, sql, key }: z.infer<typeof deriveSchema>, config) =>
      inStaging(folders, config, (call) => {
        const derived = call.staging.prepare("select 1 from _note where kind = 'derive' and subject = ?");
        if (derived.get(table) !== undefined) {
          call.staging.exec(`drop table ${quote(table)}`);
        } else if (columnsOf(call.staging, table).length > 0) {
          throw new Error(`${table} is the name of a source. Choose another.`);
        }
        // SQLite takes one query here and nothing else, so whoever wrote it cannot change anything.
        call.staging.prepare(`create table ${quote(table)} as select * from (${sql})`).run();
        return note(call, "derive", table, { table, key, rows: count(call.staging, quote(table)) });
      }),
    {
      name: "derive",
      description: "Makes a table of a query, to be loaded like the others.",
      schema: deriveSchema,
      metadata: { outputExample: { table: "", key: [""], rows: 0 } },
    },
  );
}

const loadSchema = z.object({
  database: z.string().regex(/^\w[\w-]*\.(?:db|sqlite)$/, "must be a file name such as sales.db"),
  tables,
  replace: z.boolean().default(false).describe("Whether rows that are there with other values are replaced."),
});
type Load = z.infer<typeof loadSchema>;
const loadedSchema = z.array(
  z.object({ into: z.string(), table: z.string(), added: z.int(), replaced: z.int(), unchanged: z.int() }),
);
const notedSchema = z.object({ rows: z.int(), bad: z.int(), key: z.array(z.string()) }).partial();

/** Loads a table into the attached database `target`. Rows with the same key are the same row. */
function loadTable({ staging, maxBadShare }: Call, table: string, { database, replace }: Load) {
  const sql = "select details from _note where subject = ? and kind in ('validate', 'derive')";
  const noted = String(staging.prepare(sql).get(table)?.details ?? '{"rows": 0, "bad": 1}');
  const { rows = 0, bad = 0, key: given = [] } = notedSchema.parse(JSON.parse(noted));
  if (bad > maxBadShare * rows) {
    throw new Error(`${table} is not validated, or too many of its rows are wrong (${bad} of ${rows}).`);
  }
  const columns = columnsOf(staging, table);
  const names = columns.map(({ name }) => quote(name));
  const key = [...columns.flatMap(({ name, pk }) => (pk > 0 ? [name] : [])), ...given].map(quote);
  const [own, target] = [`main.${quote(table)} own`, `target.${quote(table)}`];
  const thereIs = (by: readonly string[]) =>
    `exists (select 1 from ${target} there where ${by.map((name) => `there.${name} is own.${name}`).join(" and ")})`;
  const typed = columns.map(({ name, type }) => `${quote(name)} ${type}`);
  const primary = key.length === 0 ? [] : [`primary key (${key.join(", ")})`];
  staging.exec(`create table if not exists ${target} (${[...typed, ...primary].join(", ")})`);
  const unchanged = count(staging, `${own} where ${thereIs(names)}`);
  const replaced = key.length === 0 ? 0 : count(staging, `${own} where ${thereIs(key)}`) - unchanged;
  if (replaced > 0 && !replace) {
    throw new Error(
      `${replaced} rows of ${table} are there with other values, so nothing was loaded. To replace them, load with replace: true.`,
    );
  }
  const added = count(staging, own) - unchanged - replaced;
  const list = names.join(", ");
  staging.exec(
    `insert or replace into ${target} (${list}) select ${list} from ${own} where not ${thereIs(names)}`,
  );
  return { into: database, table, added, replaced, unchanged };
}

function load(call: Call, given: Load): z.infer<typeof loadedSchema> {
  const { staging, key } = call;
  staging.exec(`
    create table if not exists target.pipeline_loads (key text primary key, result text);
    create table if not exists target.pipeline_quarantine ("table" text, row integer, reason text, content text);`);
  // A call that is made again after a crash finds what it did, because this is written in the load's own transaction.
  const before = staging.prepare("select result from target.pipeline_loads where key = ?").get(key);
  if (before !== undefined) {
    return loadedSchema.parse(JSON.parse(String(before.result)));
  }
  const loaded = given.tables.map((table) => loadTable(call, table, given));
  staging.prepare("insert into target.pipeline_loads values (?, ?)").run(key, JSON.stringify(loaded));
  staging.exec(`insert into target.pipeline_quarantine
    select * from main._quarantine except select * from target.pipeline_quarantine`);
  return loaded;
}

function createLoadTool(folders: Folders) {
  return tool(
    (given: Load, config) =>
      inStaging(folders, config, (call) => {
        const path = join(call.workspace, given.database);
        makePrivateFile(path);
        call.staging.prepare("attach ? as target").run(path);
        const loaded = call.staging.transaction(() => load(call, given));
        return loaded.map((each) => note(call, "load", each.table, each));
      }),
    {
      name: "load",
      description: "Loads tables into a SQLite database of the workspace, all in one transaction.",
      schema: loadSchema,
      metadata: { outputSchema: loadedSchema },
    },
  );
}

function toMarkdown(title: string, rows: readonly object[]): string {
  const names = Object.keys(rows[0] ?? {});
  const cells = [names, names.map(() => "---"), ...rows.map((row) => Object.values(row))];
  const plain = cells.map((line) => line.map((cell) => String(cell).replace(/[|\n]/g, " ")).join(" | "));
  return rows.length === 0 ? "" : `## ${title}\n\n| ${plain.join(" |\n| ")} |\n\n`;
}

function createReportTool(folders: Folders) {
  return tool(
    (_, config) =>
      inStaging(folders, config, ({ staging, workspace, run }) => {
        const notes = (kind: string) => {
          const rows = staging.prepare("select details from _note where kind = ? order by rowid").all(kind);
          return rows.map(({ details }) => JSON.parse(String(details)));
        };
        const loaded = loadedSchema.parse(notes("load"));
        const isNew = loaded.some(({ added, replaced }) => added + replaced > 0);
        const report = [
          toMarkdown("Loaded", loaded),
          isNew ? "" : "Nothing was added, and nothing was replaced.\n\n",
          toMarkdown("Validated", z.array(checkedSchema).parse(notes("validate"))),
          toMarkdown("Quarantined", staging.prepare("select * from _quarantine").all()),
        ].join("");
        const path = join(workspace, "reports", `${run}.md`);
        makePrivateFolder(join(workspace, "reports"));
        replaceFile(path, report);
        const files = [...new Set(loaded.map(({ into }) => join(workspace, into)))];
        return `${report}${["The data are in", ...files].join(" ")}. This report is in ${path}.`;
      }),
    {
      name: "write_report",
      description:
        "Writes what the run did as a Markdown file, and gives it. The last step: it is the answer.",
      schema: z.object({}),
      metadata: { output: "text" },
    },
  );
}

// 3. How it plans, what is unexpected, and what waits.

const INSTRUCTIONS = `This is how data is loaded here:
1. validate all files in one call. Wrong rows are in quarantine then, and are not loaded.
2. derive a table for each figure that the goal asks for, by SQL over the validated tables.
3. load everything in one call, then write_report, which is the answer.
If validate is unexpected, too many rows are wrong. Read its reasons: if a file is only written in another way (delimiter, decimal), validate again so. If its rows are really wrong, stop and say so.
If load fails because rows are there with other values, set replace only if the goal asks for it.`;

/** Goals to begin with. Clients show them. */
export const examples: readonly string[] = [
  "Load customers and orders into sales.db, with revenue by customer",
  "Load customers and orders into sales.db, with revenue by category",
  "Load products into stock.db",
];

const names = z
  .union([tables, z.string().transform((text) => text.trim().split(/\s*,\s*|\s+and\s+/))])
  .describe("Names of files without .csv: a list, or words with commas or “and” between them.");
const REPORT = { id: "report", description: "Report what was done", tool: "write_report", args: {} };

const PLANS: readonly SavedPlan[] = [
  {
    name: "revenue",
    description: "Loads customers and orders, with the revenue by customer, country or category.",
    parameters: z.object({
      database: loadSchema.shape.database,
      by: z.enum(["customer", "country", "category"]),
    }),
    examples: ["load customers and orders into {database}, with revenue by {by}"],
    steps: [
      {
        id: "validate",
        description: "Check customers, products and orders",
        tool: "validate",
        args: { tables: ["customers", "products", "orders"] },
      },
      {
        id: "revenue",
        description: "Add up the revenue by {{with.by}}",
        tool: "derive",
        args: {
          table: "revenue_by_{{with.by}}",
          key: ["{{with.by}}"],
          sql: `select {{with.by}}, round(sum(amount), 2) as revenue from
            (select customers.name as customer, country, category, quantity * unit_price as amount
            from orders join customers using (customer_id) join products using (product_id)) group by 1`,
        },
      },
      {
        id: "load",
        description: "Load them into {{with.database}}",
        tool: "load",
        args: { database: "{{with.database}}", tables: ["customers", "orders", "revenue_by_{{with.by}}"] },
      },
      REPORT,
    ],
    answer: "{{report}}",
  },
  {
    name: "load",
    description: "Loads files into a database as they are.",
    parameters: z.object({ ...loadSchema.shape, tables: names }),
    examples: ["load {tables} into {database}"],
    steps: [
      {
        id: "validate",
        description: "Check the files",
        tool: "validate",
        args: { tables: "{{with.tables}}" },
      },
      {
        id: "load",
        description: "Load them into {{with.database}}",
        tool: "load",
        args: { database: "{{with.database}}", tables: "{{with.tables}}", replace: "{{with.replace}}" },
      },
      REPORT,
    ],
    answer: "{{report}}",
  },
];

const UNEXPECTED: Readonly<Record<string, OutputCheck>> = {
  validate: (output) => {
    const { tables: all, maxBadShare } = validationSchema.parse(output);
    const spoilt = all.filter(({ rows, bad }) => bad > maxBadShare * rows);
    const told = spoilt.map(
      ({ table, rows, bad, reasons }) => `${bad} of ${rows} rows of ${table}: ${reasons.join("; ")}`,
    );
    return spoilt.length === 0 ? undefined : `Too many rows are wrong. ${told.join(". ")}`;
  },
};

const WAITING: Readonly<Record<string, ApprovalRule>> = {
  load: {
    description: ({ replace }) =>
      replace === true
        ? "Writes these tables. Rows that are there with other values are replaced."
        : "Writes these tables. Rows that are there stay as they are.",
  },
};

/** The agent of the pipeline. The caller's options are added to its own. */
export function createGraph(given: FieldGraphOptions<Workspace> = {}): PlanExecuteAgent {
  const { data, workspace, options } = takeFolders("data-pipeline", given);
  const folders = { data, workspace };
  const makers = [createValidateTool, createDeriveTool, createLoadTool, createReportTool];
  return createPlanExecuteAgent(
    mergeOptions(
      {
        tools: makers.map((make) => make(folders)),
        planner: { instructions: INSTRUCTIONS },
        executor: { checkOutput: UNEXPECTED },
        replanner: { instructions: INSTRUCTIONS },
        approval: { tools: WAITING },
        plans: PLANS,
        contextFields: CONTEXT,
        examples,
      },
      options,
    ),
  );
}

/** What langgraph.json names. Each user has a folder of their own for what it writes. */
export const graph: PlanExecuteAgent = createGraph({ workspace: servedWorkspace("data-pipeline") });
