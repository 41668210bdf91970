import { type BaseCheckpointSaver, copyCheckpoint } from "@langchain/langgraph";
import { LargeValueBatch, type LargeValueTarget } from "./large-value-batch.js";
import type { LargeValueIds } from "./large-value-ids.js";
import type { SqliteSaver, SqliteStatement } from "./sqlite-database.js";
import { type SqliteLargeValues, toNames } from "./sqlite-large-values.js";

type Put = BaseCheckpointSaver["put"];
type PutWrites = BaseCheckpointSaver["putWrites"];

/** Where LangGraph keeps writes of its own channels, which a later one of the same task replaces. */
const ownIndexes: ReadonlyMap<string, number> = new Map([
  ["__error__", -1],
  ["__scheduled__", -2],
  ["__interrupt__", -3],
  ["__resume__", -4],
]);
/** The saver itself reads these, for states of old builds of LangGraph. */
const sentTasks = "__pregel_tasks";

const writeColumns =
  "thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, value, large_values";

/**
 * Writes the saver's rows, with ids in the place of large values. The saver's own methods cannot do it: a row and the
 * values that it names have to be one transaction, and they wait in between.
 */
export class SqliteCheckpointWriter {
  readonly #saver: SqliteSaver;
  readonly #table: SqliteLargeValues;
  readonly #idsOf: (threadId: unknown) => LargeValueIds;
  readonly #putOfSaver: Put;
  readonly #putWritesOfSaver: PutWrites;
  readonly #addCheckpoint: SqliteStatement;
  readonly #addWrite: SqliteStatement;
  readonly #replaceWrite: SqliteStatement;

  constructor(saver: SqliteSaver, table: SqliteLargeValues, idsOf: (threadId: unknown) => LargeValueIds) {
    this.#saver = saver;
    this.#table = table;
    this.#idsOf = idsOf;
    this.#putOfSaver = saver.put.bind(saver);
    this.#putWritesOfSaver = saver.putWrites.bind(saver);
    this.#addCheckpoint = saver.db.prepare(`insert or replace into checkpoints (thread_id, checkpoint_ns,
      checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata, large_values)
      values (?, ?, ?, ?, ?, ?, ?, ?)`);
    const places = `(${writeColumns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;
    this.#addWrite = saver.db.prepare(`insert or ignore into writes ${places}`);
    this.#replaceWrite = saver.db.prepare(`insert or replace into writes ${places}`);
  }

  /** Keeps a state. */
  readonly put: Put = async (config, checkpoint, metadata, newVersions) => {
    const thread_id: unknown = config.configurable?.thread_id;
    // The saver says what is missing.
    if (!thread_id) return this.#putOfSaver(config, checkpoint, metadata, newVersions);
    const checkpoint_ns: unknown = config.configurable?.checkpoint_ns ?? "";
    const parentId: unknown = config.configurable?.checkpoint_id;
    for (;;) {
      const batch = new LargeValueBatch(this.#targetOf(thread_id));
      const copy = copyCheckpoint(checkpoint);
      const ids = new Set<string>();
      for (const [channel, value] of Object.entries(copy.channel_values)) {
        const taken = batch.take(value);
        copy.channel_values[channel] = taken.kept;
        for (const id of taken.ids) ids.add(id);
      }
      const { serde } = this.#saver;
      const [[type, state], [metadataType, about]] = await Promise.all([
        serde.dumpsTyped(copy),
        serde.dumpsTyped(metadata),
        batch.serialize(),
      ]);
      if (type !== metadataType) throw new TypeError(`A state was written as ${type}, its metadata not.`);
      const key = [thread_id, checkpoint_ns, checkpoint.id, parentId];
      const done = batch.commit(() => this.#addCheckpoint.run(...key, type, state, about, toNames([...ids])));
      if (done) return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
    }
  };

  /** Keeps what a task wrote. */
  readonly putWrites: PutWrites = async (config, writes, taskId) => {
    const {
      thread_id,
      checkpoint_ns = "",
      checkpoint_id,
    }: Record<string, unknown> = config.configurable ?? {};
    if (!thread_id || !checkpoint_id) return this.#putWritesOfSaver(config, writes, taskId);
    const replaces = writes.every(([channel]) => ownIndexes.has(channel));
    const statement = replaces ? this.#replaceWrite : this.#addWrite;
    for (;;) {
      const batch = new LargeValueBatch(this.#targetOf(thread_id));
      const serialized = writes.map(async ([channel, value], index) => {
        const taken = channel === sentTasks ? { kept: value, ids: [] } : batch.take(value);
        const [type, bytes] = await this.#saver.serde.dumpsTyped(taken.kept);
        return [ownIndexes.get(channel) ?? index, channel, type, bytes, toNames(taken.ids)] as const;
      });
      const [rows] = await Promise.all([Promise.all(serialized), batch.serialize()]);
      const done = batch.commit(() => {
        for (const row of rows) statement.run(thread_id, checkpoint_ns, checkpoint_id, taskId, ...row);
      });
      if (done) return;
    }
  };

  #targetOf(threadId: unknown): LargeValueTarget {
    const { db, serde } = this.#saver;
    return { db, table: this.#table, serde, threadId, ids: this.#idsOf(threadId) };
  }
}
