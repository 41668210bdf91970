import { statSync } from "node:fs";
import { type BaseCheckpointSaver, emptyCheckpoint } from "@langchain/langgraph";
import { z } from "zod";
import type { OpenCheckpointer } from "../../src/checkpoint/index.js";

/** A large text, of which no line occurs twice. */
export function toText(name: string, length = 5_000): string {
  const lines: string[] = [];
  for (let size = 0, line = 0; size < length; size += lines.at(-1)?.length ?? 0, line += 1) {
    lines.push(`${name} ${line}\n`);
  }
  return lines.join("");
}

/** What is in a thread's checkpoint, written and read by the checkpointer alone. */
export class ThreadFixture {
  readonly #checkpointer: BaseCheckpointSaver;
  readonly #threadId: string;

  constructor({ checkpointer }: Pick<OpenCheckpointer, "checkpointer">, threadId = "1") {
    this.#checkpointer = checkpointer;
    this.#threadId = threadId;
  }

  /** Keeps a state with these channels, behind all that are there. */
  async put(channel_values: Record<string, unknown>) {
    const metadata = { source: "loop", step: 1, parents: {} } as const;
    const checkpoint = { ...emptyCheckpoint(), channel_values };
    return this.#checkpointer.put(this.#config, checkpoint, metadata, {});
  }

  /** Keeps what a task wrote behind the newest state. */
  async putWrites(taskId: string, writes: readonly (readonly [string, unknown])[]): Promise<void> {
    const { config } = await this.read();
    await this.#checkpointer.putWrites(
      config,
      writes.map(([channel, value]) => [channel, value]),
      taskId,
    );
  }

  /** The newest state, or the one that has this id. */
  async read(checkpoint_id?: string) {
    const where = checkpoint_id === undefined ? {} : { checkpoint_id };
    const tuple = await this.#checkpointer.getTuple({
      configurable: { ...this.#config.configurable, ...where },
    });
    if (tuple === undefined) {
      throw new Error("nothing was kept");
    }
    return tuple;
  }

  /** The channels of the newest state. */
  async channels(): Promise<Record<string, unknown>> {
    return (await this.read()).checkpoint.channel_values;
  }

  get #config() {
    return { configurable: { thread_id: this.#threadId, checkpoint_ns: "" } };
  }
}

/** All rows that a statement gives, from the database under a checkpointer. */
export function query({ checkpointer }: OpenCheckpointer, sql: string): unknown[] {
  const db: unknown = Reflect.get(checkpointer, "db");
  if (!(db instanceof Object) || !("prepare" in db) || typeof db.prepare !== "function") {
    throw new Error("no database");
  }
  return db.prepare(sql).all();
}

const largeValueSchema = z.object({ thread_id: z.string(), id: z.string(), ids: z.string().nullable() });
const namesSchema = z.object({ thread_id: z.string(), large_values: z.string() });
const idsSchema = z.array(z.string());

/** All large values: of which threads, by which ids, and with which ids in them. */
export function largeValues(opened: OpenCheckpointer) {
  const rows = query(opened, "select thread_id, id, ids from plan_execute_large_values");
  return rows.map((row) => {
    const { thread_id: threadId, id, ids } = largeValueSchema.parse(row);
    return { threadId, id, ids: idsSchema.parse(JSON.parse(ids ?? "[]")) };
  });
}

/** Those that no row leads to. */
export function unneededLargeValues(opened: OpenCheckpointer) {
  const kept = largeValues(opened);
  const needed = new Set<string>();
  const need = (threadId: string, id: string) => {
    const key = JSON.stringify([threadId, id]);
    if (needed.has(key)) {
      return;
    }
    needed.add(key);
    const found = kept.find((value) => value.threadId === threadId && value.id === id);
    if (found === undefined) {
      throw new Error(`a large value is missing: ${key}`);
    }
    for (const inner of found.ids) {
      need(threadId, inner);
    }
  };
  for (const table of ["checkpoints", "writes"]) {
    for (const row of query(
      opened,
      `select thread_id, large_values from ${table} where large_values is not null`,
    )) {
      const { thread_id, large_values } = namesSchema.parse(row);
      for (const id of idsSchema.parse(JSON.parse(large_values))) {
        need(thread_id, id);
      }
    }
  }
  return kept.filter(({ threadId, id }) => !needed.has(JSON.stringify([threadId, id])));
}

/** All that is kept, as text. */
export function raw(opened: OpenCheckpointer): string {
  const columns = [
    "select type || cast(checkpoint as text) || cast(metadata as text) as text from checkpoints",
    "select type || cast(value as text) as text from writes",
    "select type || cast(value as text) as text from plan_execute_large_values",
    "select type || cast(value as text) as text from plan_execute_secret",
  ];
  return columns
    .flatMap((sql) => query(opened, sql))
    .map((row) => Reflect.get(Object(row), "text"))
    .join();
}

/** The size of a file whose checkpointer was closed. */
export function sizeOf(path: string): number {
  return statSync(path).size;
}
