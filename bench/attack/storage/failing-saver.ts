import { setTimeout as delay } from "node:timers/promises";
import { MemorySaver } from "@langchain/langgraph";

/** The trouble that a saver makes at a write, given the write's number, counted from 1, and its text. */
export type Trouble = (write: { readonly count: number; readonly text: string }) => Promise<void> | void;

/** A saver in memory whose writes run into trouble. */
export class FailingSaver extends MemorySaver {
  /** What happens at each write of a task's results. */
  onWrites: Trouble = () => {};
  /** What happens at each write of a checkpoint. */
  onPut: Trouble = () => {};
  #writes = 0;
  #puts = 0;

  override async putWrites(...given: Parameters<MemorySaver["putWrites"]>): Promise<void> {
    this.#writes += 1;
    await this.onWrites({ count: this.#writes, text: JSON.stringify(given[1]) ?? "" });
    return super.putWrites(...given);
  }

  override async put(...given: Parameters<MemorySaver["put"]>) {
    this.#puts += 1;
    await this.onPut({ count: this.#puts, text: JSON.stringify(given[1]) ?? "" });
    return super.put(...given);
  }
}

/** The error of a full disk or a busy database. */
export function databaseError(code: "SQLITE_FULL" | "SQLITE_BUSY" | "ENOSPC"): Error {
  return Object.assign(new Error(`${code}: the database cannot be written`), { code });
}

/** A write that takes its time. */
export function slowly(ms: number): Trouble {
  return async () => {
    await delay(ms);
  };
}
