// Owns: checkpoints, large values, the store and locks in SQLite files.
// Gives: the driver for `sqlite:` URLs, and the database and store that `createStore` puts together.
// Does not touch: PostgreSQL, and the meaning of a checkpoint.
export { openSqliteCheckpointer } from "./checkpointer.js";
export { openSqliteDatabase } from "./database.js";
export { SqliteStore } from "./store.js";
