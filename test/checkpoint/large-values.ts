import { type BaseCheckpointSaver, emptyCheckpoint } from "@langchain/langgraph";
import type { OpenCheckpointer } from "../../src/checkpoint/index.js";

/** A large text, of which no line occurs twice. */
export function toText(name: string, length = 5_000): string {
  const lines: string[] = [];
  for (let size = 0, line = 0; size < length; size += lines.at(-1)?.length ?? 0, line += 1)
    lines.push(`${name} ${line}\n`);
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
    if (tuple === undefined) throw new Error("nothing was kept");
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
  if (!(db instanceof Object) || !("prepare" in db) || typeof db.prepare !== "function")
    throw new Error("no database");
  return db.prepare(sql).all();
}

/** How many large values are kept. */
export function countLargeValues(opened: OpenCheckpointer): number {
  return query(opened, "select id from plan_execute_large_values").length;
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
