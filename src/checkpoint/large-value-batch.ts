import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { LargeValueIds } from "./large-value-ids.js";
import type { SqliteDatabase } from "./sqlite-database.js";
import type { SqliteLargeValues, StoredValue } from "./sqlite-large-values.js";
import { type KeptValue, takeOutLargeValues } from "./take-out-large-values.js";

/** Where a thread's large values are kept, and how. */
export type LargeValueTarget = {
  readonly db: SqliteDatabase;
  readonly table: SqliteLargeValues;
  readonly serde: BaseCheckpointSaver["serde"];
  readonly threadId: unknown;
  readonly ids: LargeValueIds;
};

/**
 * The large values of what is written at once. They reach the file in one transaction with the rows that name them, so
 * whoever is killed leaves both or neither, and whoever removes what no row names finds no value before its row. A
 * value that is in the file already is relied on, and looked for once more in that transaction.
 */
export class LargeValueBatch {
  readonly #target: LargeValueTarget;
  readonly #found = new Map<string, KeptValue>();
  readonly #named = new Set<string>();
  readonly #reliedOn: string[] = [];
  #added: readonly StoredValue[] = [];

  constructor(target: LargeValueTarget) {
    this.#target = target;
  }

  /** What is to be kept in a row in the place of a value. */
  take(value: unknown): KeptValue {
    const taken = takeOutLargeValues(value, this.#target.ids, this.#found);
    for (const id of taken.ids) this.#named.add(id);
    return taken;
  }

  /** Serializes what the file does not have. It begins at once: what was taken may be changed after this turn. */
  async serialize(): Promise<void> {
    const { table, serde, threadId } = this.#target;
    const missing = new Map<string, KeptValue>();
    for (const id of this.#named) {
      const found = this.#found.get(id);
      if (found === undefined || missing.has(id)) continue;
      if (table.has(threadId, id)) this.#reliedOn.push(id);
      else {
        missing.set(id, found);
        for (const inner of found.ids) this.#named.add(inner);
      }
    }
    this.#added = await Promise.all(
      [...missing].map(async ([id, { kept, ids }]) => {
        const [type, value] = await serde.dumpsTyped(kept);
        return { id, type, value, ids };
      }),
    );
  }

  /** Writes the rows and the values; false where a value that was relied on has been removed since. */
  commit(writeRows: () => void): boolean {
    const { db, table, threadId } = this.#target;
    return db
      .transaction(() => {
        if (!this.#reliedOn.every((id) => table.has(threadId, id))) return false;
        for (const value of this.#added) table.add(threadId, value);
        writeRows();
        return true;
      })
      .immediate();
  }
}
