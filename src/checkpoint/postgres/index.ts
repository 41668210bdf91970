// Owns: checkpoints, the store and locks in PostgreSQL.
// Gives: the driver of `postgres:` URLs.
// Does not touch: SQLite, and what a checkpoint means.
export { openPostgresCheckpointer } from "./checkpointer.js";
export { openPostgresStore } from "./store.js";
