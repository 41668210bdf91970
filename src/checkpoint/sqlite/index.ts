// Owns: checkpoints, large values, the store and locks in SQLite files.
// Gives: the driver of `sqlite:` URLs.
// Does not touch: PostgreSQL, and what a checkpoint means.
export { openSqliteCheckpointer } from "./checkpointer.js";
export { openSqliteDatabase } from "./database.js";
export { SqliteStore } from "./store.js";
