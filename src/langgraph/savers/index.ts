// Owns: what LangGraph's savers do not document: tables, columns, members, ids, and LangGraph's own channels.
// Gives: the statements on those tables, and a function for each member.
// Does not touch: when a database is opened, read and written. `checkpoint` decides that.
export { ANSWERED, OWN_INDEXES, RETURNED, SENT_TASKS } from "./channels.js";
export { isWhole, smallestIdAt, tellsTime } from "./checkpoint-ids.js";
export { markOf, type PartOfThread, partOfThread } from "./part-of-thread.js";
export {
  checkWrites,
  type LentClient,
  limitConnections,
  POSTGRES_SQL,
  POSTGRES_TABLES,
  poolOfSaver,
  poolOfStore,
  separateBranches,
  type WriteCheck,
} from "./postgres.js";
export { isSerializedForm } from "./serialized-forms.js";
export {
  SQLITE_SQL,
  SQLITE_TABLES,
  type SqliteDatabase,
  type SqliteSaver,
  type SqliteStatement,
} from "./sqlite.js";
