// Owns: where threads are kept: checkpointers and stores by URL, locks, encryption and retention.
// Gives: `createCheckpointer`, `createStore`, `deleteThread`, `trimThread`, `withThreadLock`, encryption.
// Does not touch: the meaning of the state. It stores whatever it is given.
export { CheckpointerError } from "./checkpointer-error.js";
export {
  type DeleteOldThreadsOptions,
  type DeleteThreadOptions,
  deleteThread,
  deleteThreadsOlderThan,
  removeCheckpoints,
  removeEntries,
  removeThread,
  type TrimThreadOptions,
  threadNamespace,
  toNamespaceLabel,
  trimThread,
  unlessBusy,
} from "./delete-thread.js";
export type {
  CheckpointerKind,
  CheckpointerOptions,
  OpenCheckpointer,
  OpenedCheckpoints,
  OpenStore,
  StoreOptions,
} from "./driver.js";
export {
  createEncryptedSerializer,
  type EncryptedSerializerOptions,
  type EncryptionKey,
  encryptionKeysFromEnvironment,
} from "./encrypted-serializer.js";
export { createCheckpointer, createStore } from "./from-url.js";
export {
  CREATE_MIGRATIONS,
  endHoldersOf,
  findMissing,
  isPostgresUrl,
  type Migrations,
  type MissingMigration,
  openPostgres,
  type PostgresClient,
  type PostgresConnections,
  type PostgresPool,
} from "./postgres/index.js";
export { ThreadBusyError, type ThreadHolder, ThreadLockLostError } from "./thread-locks.js";
export { type ThreadLockOptions, withThreadLock } from "./with-thread-lock.js";
