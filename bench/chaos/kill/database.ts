import { join } from "node:path";
import type { Chaos } from "../case.js";

/** What keeps the threads. */
export type Database = "sqlite" | "postgres";

/** The URL of an empty database of the case's own. */
export async function urlOf(database: Database, { folder, postgres }: Chaos): Promise<string> {
  return database === "sqlite" ? `sqlite:${join(folder, "threads.db")}` : postgres.createDatabase();
}
