import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCheckpointer, createStore } from "langgraph-plan-execute";
import { afterAll, onTestFinished } from "vitest";
import { z } from "zod";
import { withPostgres } from "../../support/with-postgres.js";
import { copyPostgres, copySqlite, type DatabaseKind, readFacts } from "./databases.js";
import { openThread } from "./frozen-threads.js";
import { showThread } from "./shown.js";
import type { Call } from "./world.js";

const postgres = withPostgres();
const folder = mkdtempSync(join(tmpdir(), "plan-execute-frozen-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The output of a turn, in public terms only. */
export const outputSchema = z.object({
  response: z.string(),
  status: z.string(),
  pastSteps: z.array(z.looseObject({ id: z.string(), status: z.string(), output: z.unknown().optional() })),
  outcome: z.object({ reason: z.string() }).nullable(),
  usage: z.looseObject({ calls: z.number(), cutOff: z.number().optional() }),
});

/** Makes a new database with the frozen contents. */
async function copyDatabase(kind: DatabaseKind): Promise<string> {
  if (kind === "postgres") {
    const url = await postgres.createDatabase();
    await copyPostgres(url);
    return url;
  }
  const path = join(folder, `${randomUUID()}.db`);
  copySqlite(path);
  return `sqlite:${path}`;
}

const copies = new Map<string, Promise<string>>();
const timesOpened = new Map<string, number>();

/**
 * A copy in which this thread is untouched. Threads know nothing of each other, so tests of other threads may share
 * it.
 */
function copyFor(kind: DatabaseKind, id: string): Promise<string> {
  const times = (timesOpened.get(`${kind} ${id}`) ?? 0) + 1;
  timesOpened.set(`${kind} ${id}`, times);
  const name = `${kind} ${times}`;
  const copy = copies.get(name) ?? copyDatabase(kind);
  copies.set(name, copy);
  return copy;
}

/** Opens one thread of a copy of the database, in a world where everything works. */
export async function openFrozen(kind: DatabaseKind, id: string) {
  const url = await copyFor(kind, id);
  const { checkpointer, close } = await createCheckpointer(url);
  const { store, close: closeStore } = await createStore(url);
  onTestFinished(async () => {
    await closeStore();
    await close();
  });
  const facts = readFacts(kind)[id];
  if (facts === undefined) {
    throw new Error(`Nothing is known of the thread ${id}.`);
  }
  const calls: Call[] = [];
  const world = { note: (call: Call) => calls.push(call), onSlow: "ends", isBroken: false } as const;
  const thread = openThread(id, { checkpointer, store }, world);
  return {
    ...thread,
    /** What the thread showed when it was left. */
    left: facts.shown,
    /** The tool calls up to then. */
    callsBefore: facts.calls,
    /** The tool calls since then. */
    calls,
    /** What the calls since then were about, in alphabetical order. */
    called: () => calls.map(aboutWhat).sort(),
    show: () => showThread(id, thread),
    /** Sends an answer or null, with which the turn must end. */
    end: async (input: Parameters<typeof thread.invoke>[0]) => outputSchema.parse(await thread.invoke(input)),
  };
}

/** What a call is about: its tool and its object. */
export const aboutWhat = ({ tool, args }: Call) =>
  `${tool} ${args.name ?? args.who ?? args.what ?? ""}`.trim();
