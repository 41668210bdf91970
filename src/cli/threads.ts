import { join } from "node:path";
import { CheckpointerError, createCheckpointer, type OpenCheckpointer } from "../checkpoint/index.js";
import type { Surroundings } from "./surroundings.js";

/** Where threads are kept, and what is to be said about it. */
export interface Threads extends OpenCheckpointer {
  readonly notice?: string;
}

/**
 * Opens what keeps the threads: what is asked for, else SQLite in the current folder. Where SQLite cannot be loaded
 * and nobody asked for it, threads are kept in memory, and the notice says so.
 */
export async function openThreads(
  url: string | undefined,
  { folder, loadPackage }: Pick<Surroundings, "folder" | "loadPackage">,
): Promise<Threads> {
  const options = { load: loadPackage };
  if (url !== undefined) return createCheckpointer(url, options);
  try {
    return await createCheckpointer(`sqlite:${join(folder, ".plan-execute", "threads.db")}`, options);
  } catch (error) {
    if (!(error instanceof CheckpointerError) || error.code !== "PACKAGE_MISSING") throw error;
    const notice = `SQLite cannot be loaded, so this thread is kept in memory and ends with this run. ${error.message}`;
    return { ...(await createCheckpointer("memory:")), notice };
  }
}
