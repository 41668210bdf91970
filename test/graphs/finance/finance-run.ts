import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MemorySaver } from "@langchain/langgraph";
import Sqlite from "better-sqlite3";
import { afterEach } from "vitest";
import { createGraph, type FinanceOptions } from "../../../graphs/finance.js";
import type { AgentEvent } from "../../../src/index.js";
import type { Resume } from "../../support/approval.js";

/** A row of a price file of date, symbol and close. */
export type PriceRow = readonly [date: string, symbol: string, close: number];

/** A symbol's closes on days one after the other, from the first of January 2026. */
export function closesOf(symbol: string, closes: readonly number[]): PriceRow[] {
  return closes.map((close, at) => [
    new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
    symbol,
    close,
  ]);
}

/** Closes that move by the same step each day: an average true range of just that step. */
export function straight(from: number, step: number, days: number): number[] {
  return Array.from({ length: days }, (_, at) => Math.round((from + step * at) * 100) / 100);
}

/** A price file's text. */
export function toCsv(rows: readonly PriceRow[], header = "date,symbol,close"): string {
  return [header, ...rows.map((row) => row.join(","))].join("\n");
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A folder of its own for a test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-finance-"));
  folders.push(folder);
  return folder;
}

/** The finance graph with a price file of the test's, on one thread. */
export function financeRun(csv: string | undefined, options: FinanceOptions = {}) {
  const folder = makeFolder();
  const data = join(folder, "data");
  const workspace = join(folder, "workspace");
  mkdirSync(data);
  const setPrices = (text: string, file = "prices.csv") => writeFileSync(join(data, file), text);
  if (csv !== undefined) {
    setPrices(csv);
  }
  const events: AgentEvent[] = [];
  const agent = createGraph({
    model: "offline",
    checkpointer: new MemorySaver(),
    data,
    workspace,
    onEvent: (event) => events.push(event),
    ...options,
  });
  const thread = { configurable: { thread_id: "1" } };
  return {
    agent,
    events,
    workspace,
    setPrices,
    thread,
    ask: (goal: string) => agent.invoke({ input: goal }, thread),
    answer: (resume: Resume) => agent.invoke(resume, thread),
    query: (sql: string) => query(workspace, sql),
  };
}

/** The ledger's rows; none where there is no ledger. */
function query(workspace: string, sql: string): unknown[] {
  const path = join(workspace, "ledger.db");
  if (!existsSync(path)) {
    return [];
  }
  const database = new Sqlite(path, { readonly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
