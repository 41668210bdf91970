import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect } from "vitest";
import { createQueue, type Queue, type QueueOptions } from "../../src/queue/index.js";
import { bundleProgram } from "../support/program-file.js";
import { withPostgres } from "../support/with-postgres.js";
import { createAgent, type Note, readNotes } from "./agent.js";
import type { Task } from "./program.js";

/** A worker in a process of its own. */
export interface TestWorker {
  readonly pid: number | undefined;
  send(signal: NodeJS.Signals): void;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
  /** What it wrote to its error output. */
  complaints(): string;
}

/** A queue in a database of its own, with the notes of its tools. */
export interface TestQueue {
  readonly url: string;
  readonly queue: Queue;
  readonly journal: string;
  notes(): Note[];
  /** The names of the calls that began, in order. */
  began(): string[];
  startWorker(task?: Partial<Task>): Promise<TestWorker>;
  sql(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Gives the finished jobs of a thread to the workers again, as if their end had never been stored. */
  deliverAgain(threadId: string): Promise<void>;
}

/** Gives a test file a server, and for each test a queue. Everything is ended after the last test. */
export function withQueues() {
  const server = withPostgres();
  const folder = mkdtempSync(join(tmpdir(), "plan-execute-queue-"));
  const ends: (() => Promise<void>)[] = [];
  const children = new Set<ChildProcess>();
  const program = bundleProgram(new URL("./program.ts", import.meta.url));
  afterAll(async () => {
    for (const child of children) {
      child.kill("SIGKILL");
    }
    for (const end of ends) {
      await end();
    }
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  async function startWorker(task: Task): Promise<TestWorker> {
    const child = spawn(process.execPath, [program, JSON.stringify(task)], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    children.add(child);
    let complaints = "";
    child.stderr.on("data", (text) => {
      complaints += text;
    });
    const ended = once(child, "exit").then(([code]) => code);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const first = await Promise.race([lines.next(), ended.then(() => undefined)]);
    if (first === undefined) {
      throw new Error(`The worker did not start: ${complaints}`);
    }
    return {
      pid: child.pid,
      send: (signal) => void child.kill(signal),
      ended,
      complaints: () => complaints,
    };
  }

  return async (
    options: Partial<QueueOptions> & { readonly expiresAfter?: string } = {},
  ): Promise<TestQueue> => {
    const url = await server.createDatabase();
    const journal = join(folder, `${new URL(url).pathname.slice(1)}.jsonl`);
    const { expiresAfter, ...others } = options;
    const queue = await createQueue({
      url,
      agents: { steps: createAgent(journal, expiresAfter) },
      ...others,
    });
    ends.push(() => queue.close());
    const notes = () => readNotes(journal);
    return {
      url,
      queue,
      journal,
      notes,
      began: () => notes().flatMap(({ event, name }) => (event === "began" ? [name] : [])),
      startWorker: (task = {}) => startWorker({ url, journal, ...task }),
      sql: (text, values) => server.query(url, text, values),
      async deliverAgain(threadId) {
        await server.query(
          url,
          `update pgboss.job set state = 'retry', completed_on = null, start_after = now()
            where singleton_key = $1 and state = 'completed'`,
          [threadId],
        );
      },
    };
  };
}

const LONGEST_MS = 90_000;

/** Waits until something is so. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const lastTry = performance.now() + LONGEST_MS;
  while (!(await isSo())) {
    if (performance.now() > lastTry) {
      throw new Error(`It is not so that ${what}`);
    }
    await delay(100);
  }
}

/** Waits until a thread stands like this. */
export async function untilStatus({ queue }: TestQueue, threadId: string, status: string): Promise<void> {
  let last: string | undefined;
  await until(`${threadId} is ${status}`, async () => {
    last = (await queue.status(threadId))?.status;
    return last === status;
  }).catch(() => expect(last).toBe(status));
}

/** Waits until no job of a thread is left. */
export async function untilIdle({ queue }: TestQueue, threadId: string): Promise<void> {
  await until(`${threadId} has no job`, async () => (await queue.status(threadId))?.jobs.length === 0);
}
