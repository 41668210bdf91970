/**
 * Rewrites the frozen threads with today's version: `npx tsx test/frozen/threads/write-threads.ts`. The threads stand
 * for what people have in their databases, so they should stay as they are. Run this only to add a thread, and say
 * so.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createCheckpointer, createStore } from "langgraph-plan-execute";
import { startPostgres } from "../../support/postgres.js";
import { keepPostgres, keepSqlite, writeFacts } from "./databases.js";
import { beginThread, followDeath, frozenThreads, isKilled, openThread } from "./frozen-threads.js";
import { type Facts, showThread } from "./shown.js";
import { type Call, callSchema } from "./world.js";

const program = fileURLToPath(new URL("./begin-thread.ts", import.meta.url));

/** Begins a thread in a process that dies in it, and returns its tool calls. */
async function beginAndDie(url: string, id: string, folder: string): Promise<Call[]> {
  const journal = join(folder, `${id}.jsonl`);
  const child = spawn(process.execPath, ["--import", "tsx", program, url, id, journal], { stdio: "inherit" });
  const [code, signal] = await once(child, "exit");
  if (signal !== "SIGKILL") {
    throw new Error(`${id} was not killed: it ended with ${code}.`);
  }
  if (!existsSync(journal)) {
    return [];
  }
  const lines = readFileSync(journal, "utf8").trim().split("\n");
  return lines.map((line) => callSchema.parse(JSON.parse(line)));
}

/** Writes all threads into a database, and returns the facts about them. */
async function writeThreads(url: string, folder: string): Promise<Record<string, Facts>> {
  const facts: Record<string, Facts> = {};
  for (const id of Object.keys(frozenThreads)) {
    const calls = isKilled(id) ? await beginAndDie(url, id, folder) : [];
    const { checkpointer, close } = await createCheckpointer(url);
    const opened = await createStore(url);
    const world = { note: (call: Call) => calls.push(call), onSlow: "ends", isBroken: true } as const;
    const thread = openThread(id, { checkpointer, store: opened.store }, world);
    await (isKilled(id) ? followDeath(id, thread) : beginThread(id, thread));
    facts[id] = { shown: await showThread(id, thread), calls };
    await opened.close();
    await close();
    console.log(url.split(":")[0], id, facts[id].shown.status, calls.length);
  }
  return facts;
}

mkdirSync(new URL("./recorded/", import.meta.url), { recursive: true });
const folder = mkdtempSync(join(tmpdir(), "plan-execute-frozen-"));
try {
  const path = join(folder, "threads.db");
  writeFacts("sqlite", await writeThreads(`sqlite:${path}`, folder));
  keepSqlite(path);

  const postgres = await startPostgres();
  try {
    const url = await postgres.createDatabase();
    writeFacts("postgres", await writeThreads(url, mkdtempSync(join(folder, "postgres-"))));
    await keepPostgres(url);
  } finally {
    await postgres.stop();
  }
} finally {
  rmSync(folder, { recursive: true });
}
