import { MemorySaver } from "@langchain/langgraph";

/** A write or a read of a saver. The test chooses which of them fail. */
export interface StorageCall {
  readonly kind: "put" | "putWrites" | "getTuple";
  /** The channels that a task writes, or the source of a checkpoint. */
  readonly about: readonly string[];
  /** The values that a task writes, as JSON. */
  readonly text: string;
}

/** A full disk, as SQLite reports it. */
export const diskFull = () =>
  Object.assign(new Error("database or disk is full"), { name: "SqliteError", code: "SQLITE_FULL" });

/** A saver in memory whose calls fail as long as `fails` returns true. It counts the failed calls. */
export class FailingSaver extends MemorySaver {
  fails: (call: StorageCall) => boolean = () => false;
  failed = 0;

  override async getTuple(...given: Parameters<MemorySaver["getTuple"]>) {
    this.#call({ kind: "getTuple", about: [], text: "" });
    return super.getTuple(...given);
  }

  override async put(...given: Parameters<MemorySaver["put"]>) {
    this.#call({ kind: "put", about: [given[2].source], text: "" });
    return super.put(...given);
  }

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>) {
    const about = given[1].map(([channel]) => channel);
    this.#call({ kind: "putWrites", about, text: JSON.stringify(given[1].map(([, value]) => value)) });
    return super.putWrites(...given);
  }

  #call(call: StorageCall): void {
    if (!this.fails(call)) {
      return;
    }
    this.failed += 1;
    throw diskFull();
  }
}
