// Owns: what LangGraph's savers do not document: tables, columns, members, ids, and LangGraph's own channels.
// Gives: their names, and a function for each member.
// Does not touch: how databases are opened, read and written. `checkpoint` does that.
export { ANSWERED, OWN_INDEXES, RETURNED, SENT_TASKS } from "./channels.js";
export { isWhole, smallestIdAt, tellsTime } from "./checkpoint-ids.js";
export { markOf, type PartOfThread, partOfThread } from "./part-of-thread.js";
export {
  checkWrites,
  type LentClient,
  limitConnections,
  POSTGRES_TABLES,
  poolOfSaver,
  poolOfStore,
  separateBranches,
  type WriteCheck,
} from "./postgres.js";
export { isSerializedForm } from "./serialized-forms.js";
export { SQLITE_TABLES, type SqliteDatabase, type SqliteSaver, type SqliteStatement } from "./sqlite.js";
