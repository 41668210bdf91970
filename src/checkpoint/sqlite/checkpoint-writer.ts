import { type BaseCheckpointSaver, copyCheckpoint } from "@langchain/langgraph";
import {
  OWN_INDEXES,
  SENT_TASKS,
  SQLITE_SQL,
  type SqliteDatabase,
  type SqliteSaver,
  type SqliteStatement,
} from "../../langgraph/index.js";
import type { LargeValueIds } from "./large-value-ids.js";
import { type SqliteLargeValues, type StoredValue, toNames } from "./large-values.js";
import { type KeptValue, takeOutLargeValues } from "./take-out-large-values.js";

type Put = BaseCheckpointSaver["put"];
type PutWrites = BaseCheckpointSaver["putWrites"];

/**
 * Writes the saver's rows with ids in place of large values. The saver's own methods cannot do this: a row
 * and the values that it names must be one transaction, and those methods wait in between.
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
    this.#addCheckpoint = saver.db.prepare(SQLITE_SQL.addCheckpoint);
    this.#addWrite = saver.db.prepare(SQLITE_SQL.addWrite);
    this.#replaceWrite = saver.db.prepare(SQLITE_SQL.replaceWrite);
  }

  /** Writes a checkpoint. */
  readonly put: Put = async (config, checkpoint, metadata, newVersions) => {
    const thread_id: unknown = config.configurable?.thread_id;
    // The saver's own method says what is missing.
    if (!thread_id) {
      return this.#putOfSaver(config, checkpoint, metadata, newVersions);
    }
    const checkpoint_ns: unknown = config.configurable?.checkpoint_ns ?? "";
    const parentId: unknown = config.configurable?.checkpoint_id;
    for (;;) {
      const batch = new LargeValueBatch(this.#targetOf(thread_id));
      const copy = copyCheckpoint(checkpoint);
      const ids = new Set<string>();
      for (const [channel, value] of Object.entries(copy.channel_values)) {
        const taken = batch.take(value);
        copy.channel_values[channel] = taken.kept;
        for (const id of taken.ids) {
          ids.add(id);
        }
      }
      const { serde } = this.#saver;
      const [[type, state], [metadataType, about]] = await Promise.all([
        serde.dumpsTyped(copy),
        serde.dumpsTyped(metadata),
        batch.serialize(),
      ]);
      if (type !== metadataType) {
        throw new TypeError(`A state was written as ${type}, its metadata not.`);
      }
      const key = [thread_id, checkpoint_ns, checkpoint.id, parentId];
      const done = batch.commit(() => this.#addCheckpoint.run(...key, type, state, about, toNames([...ids])));
      if (done) {
        return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
      }
    }
  };

  /** Writes what a task wrote. */
  readonly putWrites: PutWrites = async (config, writes, taskId) => {
    const {
      thread_id,
      checkpoint_ns = "",
      checkpoint_id,
    }: Record<string, unknown> = config.configurable ?? {};
    if (!thread_id || !checkpoint_id) {
      return this.#putWritesOfSaver(config, writes, taskId);
    }
    const replaces = writes.every(([channel]) => OWN_INDEXES.has(channel));
    const statement = replaces ? this.#replaceWrite : this.#addWrite;
    for (;;) {
      const batch = new LargeValueBatch(this.#targetOf(thread_id));
      const serialized = writes.map(async ([channel, value], index) => {
        const taken = channel === SENT_TASKS ? { kept: value, ids: [] } : batch.take(value);
        const [type, bytes] = await this.#saver.serde.dumpsTyped(taken.kept);
        return [OWN_INDEXES.get(channel) ?? index, channel, type, bytes, toNames(taken.ids)] as const;
      });
      const [rows] = await Promise.all([Promise.all(serialized), batch.serialize()]);
      const done = batch.commit(() => {
        for (const row of rows) {
          statement.run(thread_id, checkpoint_ns, checkpoint_id, taskId, ...row);
        }
      });
      if (done) {
        return;
      }
    }
  };

  #targetOf(threadId: unknown): LargeValueTarget {
    const { db, serde } = this.#saver;
    return { db, table: this.#table, serde, threadId, ids: this.#idsOf(threadId) };
  }
}

/** Where and how a thread's large values are stored. */
interface LargeValueTarget {
  readonly db: SqliteDatabase;
  readonly table: SqliteLargeValues;
  readonly serde: BaseCheckpointSaver["serde"];
  readonly threadId: unknown;
  readonly ids: LargeValueIds;
}

/**
 * Collects the large values of one write. They reach the file in the same transaction as the rows that name
 * them. So a process that is killed leaves both or neither, and a cleanup that removes values without a row
 * never sees a value before its row. If a value is already in the file, the batch relies on it and checks in
 * that transaction that it is still there.
 */
class LargeValueBatch {
  readonly #target: LargeValueTarget;
  readonly #found = new Map<string, KeptValue>();
  readonly #named = new Set<string>();
  readonly #reliedOn: string[] = [];
  #added: readonly StoredValue[] = [];

  constructor(target: LargeValueTarget) {
    this.#target = target;
  }

  /** Returns what the row keeps in place of a value. */
  take(value: unknown): KeptValue {
    const taken = takeOutLargeValues(value, this.#target.ids, this.#found);
    for (const id of taken.ids) {
      this.#named.add(id);
    }
    return taken;
  }

  /**
   * Serializes the values that the file does not have. It must start at once, because the values may change
   * after the current turn of the event loop.
   */
  async serialize(): Promise<void> {
    const { table, serde, threadId } = this.#target;
    const missing = new Map<string, KeptValue>();
    for (const id of this.#named) {
      const found = this.#found.get(id);
      if (found === undefined || missing.has(id)) {
        continue;
      }
      if (table.has(threadId, id)) {
        this.#reliedOn.push(id);
      } else {
        missing.set(id, found);
        for (const inner of found.ids) {
          this.#named.add(inner);
        }
      }
    }
    this.#added = await Promise.all(
      [...missing].map(async ([id, { kept, ids }]) => {
        const [type, value] = await serde.dumpsTyped(kept);
        return { id, type, value, ids };
      }),
    );
  }

  /** Writes rows and values. Returns false if a value that the batch relies on has been removed since. */
  commit(writeRows: () => void): boolean {
    const { db, table, threadId } = this.#target;
    return db
      .transaction(() => {
        if (!this.#reliedOn.every((id) => table.has(threadId, id))) {
          return false;
        }
        for (const value of this.#added) {
          table.add(threadId, value);
        }
        writeRows();
        return true;
      })
      .immediate();
  }
}
