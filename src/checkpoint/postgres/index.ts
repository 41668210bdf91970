// Owns: checkpoints, the store and locks in PostgreSQL.
// Gives: the drivers for `postgres:` URLs, one for checkpoints and one for the store.
// Does not touch: SQLite, and the meaning of a checkpoint.
export { openPostgresCheckpointer } from "./checkpointer.js";
export { openPostgresStore } from "./store.js";
