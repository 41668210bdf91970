// What a run has read and made, in a SQLite file of its own: the plan's state holds names and figures only. A dataset
// is never changed, but for what its validation says of it; a repair or a quarantine makes another one. Each is made
// in one transaction, under the call that makes it: the same call again finds it there.
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { JsonValue } from "langgraph-plan-execute";
import { type Database, openDatabase } from "../shared/open-database.js";
import { type Cell, type Column, toType } from "./cell.js";
import type { Dataset, Entry, Fault, NewDataset, QuarantinedRow, StagedRow } from "./dataset.js";
import type { Run } from "./run.js";

const KEEP_MS = 30 * 24 * 3_600_000;

const SCHEMA = `
  create table if not exists dataset (name text primary key, title text, columns text, rows integer, made_by text,
    parent text, valid integer, call text, work text, result text);
  create table if not exists line (dataset text, position integer, row integer, cells text, fault text,
    primary key (dataset, position)) without rowid;
  create table if not exists fault (dataset text, position integer, place integer, what text, reason text,
    repaired text);
  create index if not exists fault_dataset on fault (dataset);
  create table if not exists quarantined (dataset text, title text, source text, row integer, reason text, content text);
  create table if not exists entry (call text, kind text, subject text, details text, primary key (call, kind, subject));
`;

/** Opens a run's staging file, does the work with it, and closes it. */
export async function withStaging<Result>(
  workspace: string,
  run: Run,
  work: (staging: Staging) => Result | Promise<Result>,
): Promise<Result> {
  const folder = join(workspace, "staging");
  const database = await openDatabase(join(folder, `${run.id}.db`));
  try {
    // A process that dies loses nothing by it; a machine that does loses what can be made again.
    database.exec("pragma synchronous = normal");
    database.exec(SCHEMA);
    removeOld(folder);
    return await work(new Staging(database, run));
  } finally {
    database.close();
  }
}

/** The staged data of one run; see the head of the file. */
export class Staging {
  constructor(
    private readonly database: Database,
    readonly run: Run,
  ) {}

  /** All datasets, oldest first. */
  list(): Dataset[] {
    return this.database.prepare("select * from dataset order by rowid").all().map(toDataset);
  }

  /** The dataset of that name; an error where there is none. */
  get(name: string): Dataset {
    const row = this.database.prepare("select * from dataset where name = ?").get(name);
    if (row !== undefined) {
      return toDataset(row);
    }
    const names = this.list().map((dataset) => `"${dataset.name}"`);
    throw new Error(
      `There is no dataset "${name}". There are: ${names.join(", ") || "none; extract one first"}.`,
    );
  }

  /** The newest dataset with the rows of a table. */
  newestOf(table: string): Dataset | undefined {
    return this.list().findLast((dataset) => dataset.table.toLowerCase() === table.toLowerCase());
  }

  /** The rows as they were read. */
  rawRows(dataset: Dataset): StagedRow[] {
    const found = this.database
      .prepare("select row, cells, fault from line where dataset = ? order by position")
      .all(dataset.name);
    return found.map(({ row, cells, fault }) => ({
      row: Number(row),
      values: JSON.parse(String(cells)),
      ...(fault === null ? {} : { fault: String(fault) }),
    }));
  }

  /** The rows with their values as the columns' types have them; a value that is none of its type is an error. */
  rows(dataset: Dataset): Cell[][] {
    return this.rawRows(dataset).map(({ row, values, fault }) => {
      if (fault !== undefined) {
        throw new Error(notClean(dataset, row, fault));
      }
      return dataset.columns.map(({ name, type }, place): Cell => {
        const cell = toType(values[place] ?? null, type);
        if (cell === undefined) {
          throw new Error(notClean(dataset, row, `${name} is no ${type}`));
        }
        return cell;
      });
    });
  }

  /** What the same work gave before in this run. */
  resultOf(name: string, work: JsonValue): JsonValue | undefined {
    const row = this.database.prepare("select work, call, result from dataset where name = ?").get(name);
    if (row === undefined) {
      return undefined;
    }
    if (row.work === JSON.stringify(work)) {
      return JSON.parse(String(row.result));
    }
    throw new Error(`There is a dataset "${name}" already, of other work. Give this one another name.`);
  }

  /** Keeps a dataset with all its rows, or nothing of it; `work` is what makes it, `result` what its tool says. */
  save(dataset: NewDataset, work: JsonValue, result: JsonValue): void {
    const { name, table, columns, madeBy, parent, content, faults = [], quarantined = [] } = dataset;
    this.database.transaction(() => {
      this.database
        .prepare("insert into dataset values (?, ?, ?, ?, ?, ?, null, ?, ?, ?)")
        .run(
          name,
          table,
          JSON.stringify(columns),
          content.length,
          madeBy,
          parent ?? null,
          this.run.key,
          JSON.stringify(work),
          JSON.stringify(result),
        );
      const line = this.database.prepare("insert into line values (?, ?, ?, ?, ?)");
      for (const [position, { row, values, fault }] of content.entries()) {
        line.run(name, position, row, JSON.stringify(values), fault ?? null);
      }
      this.writeFaults(name, faults);
      const out = this.database.prepare("insert into quarantined values (?, ?, ?, ?, ?, ?)");
      for (const { row, reason } of quarantined) {
        const record = columns.map((column, place) => [column.name, row.values[place] ?? null]);
        out.run(
          name,
          table,
          this.sourceOf(name),
          row.row,
          reason,
          JSON.stringify(Object.fromEntries(record)),
        );
      }
    });
  }

  /** Keeps what a validation found, in place of what one before it did. */
  saveValidation(
    dataset: Dataset,
    found: {
      readonly columns: readonly Column[];
      readonly faults: readonly Fault[];
      readonly isValid: boolean;
    },
    details: JsonValue,
  ): void {
    this.database.transaction(() => {
      this.database
        .prepare("update dataset set columns = ?, valid = ? where name = ?")
        .run(JSON.stringify(found.columns), Number(found.isValid), dataset.name);
      this.database.prepare("delete from fault where dataset = ?").run(dataset.name);
      this.writeFaults(dataset.name, found.faults);
      this.note("validate", dataset.name, details);
    });
  }

  /** What the last validation found wrong with a dataset, or what a repair of its parent left. */
  faultsOf(dataset: Dataset): Fault[] {
    const found = this.database
      .prepare("select * from fault where dataset = ? order by position, rowid")
      .all(dataset.name);
    return found.map(({ position, place, what, reason, repaired }) => ({
      position: Number(position),
      ...(place === null ? {} : { column: Number(place) }),
      check: String(what),
      reason: String(reason),
      ...(repaired === null ? {} : { repaired: JSON.parse(String(repaired)) }),
    }));
  }

  /** The rows that were taken out. */
  quarantined(): QuarantinedRow[] {
    const found = this.database.prepare("select * from quarantined order by rowid").all();
    return found.map(({ title, source, row, reason, content }) => ({
      table: String(title),
      source: String(source),
      row: Number(row),
      reason: String(reason),
      content: String(content),
    }));
  }

  /** Notes for the report what was done; the same call again notes it once. */
  note(kind: string, subject: string, details: JsonValue): void {
    this.database
      .prepare("insert or replace into entry values (?, ?, ?, ?)")
      .run(this.run.key, kind, subject, JSON.stringify(details));
  }

  /** What was noted, in its order. */
  entries(kind: string): Entry[] {
    const found = this.database.prepare("select * from entry where kind = ? order by rowid").all(kind);
    return found.map(({ subject, details }) => ({
      kind,
      subject: String(subject),
      details: JSON.parse(String(details)),
    }));
  }

  private sourceOf(name: string): string {
    const { parent } = this.get(name);
    if (parent !== undefined) {
      return this.sourceOf(parent);
    }
    const read = this.entries("extract").find(({ subject }) => subject === name);
    return typeof read?.details === "string" ? read.details : name;
  }

  private writeFaults(name: string, faults: readonly Fault[]): void {
    const insert = this.database.prepare("insert into fault values (?, ?, ?, ?, ?, ?)");
    for (const { position, column, check, reason, repaired } of faults) {
      const value = repaired === undefined ? null : JSON.stringify(repaired);
      insert.run(name, position, column ?? null, check, reason, value);
    }
  }
}

function toDataset(row: Record<string, unknown>): Dataset {
  return {
    name: String(row.name),
    table: String(row.title),
    columns: JSON.parse(String(row.columns)),
    rows: Number(row.rows),
    madeBy: String(row.made_by),
    ...(row.parent === null ? {} : { parent: String(row.parent) }),
    ...(row.valid === null ? {} : { isValid: row.valid === 1 }),
  };
}

function notClean({ name }: Dataset, row: number, fault: string): string {
  return `Row ${row} of "${name}" cannot be used: ${fault}. Validate it, then repair or quarantine what fails.`;
}

/** Runs leave their files, to be looked at; after a month nobody does. */
function removeOld(folder: string): void {
  const before = Date.now() - KEEP_MS;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (
      /\.db(?:-wal|-shm)?$/.test(name) &&
      (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before
    ) {
      rmSync(path, { force: true });
    }
  }
}
