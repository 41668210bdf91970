// Owns: checkpoints, the store, locks and the migrations of our own tables in PostgreSQL.
// Gives: the drivers for `postgres:` URLs, and `openPostgres` for tables of our own.
// Does not touch: SQLite, and the meaning of a checkpoint.
export { openPostgresCheckpointer } from "./checkpointer.js";
export type { PostgresClient, PostgresPool } from "./database.js";
export { endHoldersOf } from "./lock.js";
export { CREATE_MIGRATIONS, findMissing, type Migrations, type MissingMigration } from "./migrate.js";
export { isPostgresUrl, openPostgres, type PostgresConnections } from "./pool.js";
export { openPostgresStore } from "./store.js";
