import { join } from "node:path";
import type { Chaos } from "../case.js";

/** The databases that keep the threads. */
export type Database = "sqlite" | "postgres";

/** The URL of a new, empty database for the case. */
export async function urlOf(database: Database, { folder, postgres }: Chaos): Promise<string> {
  return database === "sqlite" ? `sqlite:${join(folder, "threads.db")}` : postgres.createDatabase();
}
