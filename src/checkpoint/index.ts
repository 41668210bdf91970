export { CheckpointerError, type CheckpointerErrorCode } from "./checkpointer-error.js";
export { createCheckpointer } from "./create-checkpointer.js";
export { createStore } from "./create-store.js";
export {
  type DeleteOldThreadsOptions,
  type DeleteThreadOptions,
  deleteThread,
  deleteThreadsOlderThan,
} from "./delete-thread.js";
export { createEncryptedSerializer, type EncryptedSerializerOptions } from "./encrypted-serializer.js";
export { type EncryptionKey, encryptionKeysFromEnvironment } from "./encryption-keys.js";
export type { PackageLoader } from "./load-package.js";
export type { CheckpointerKind, CheckpointerOptions, OpenCheckpointer } from "./open-checkpointer.js";
export type { OpenStore, StoreOptions } from "./open-store.js";
export { ThreadBusyError, type ThreadHolder, ThreadLockLostError } from "./thread-lock-errors.js";
export { threadNamespace, toNamespaceLabel } from "./thread-namespace.js";
export { type TrimThreadOptions, trimThread } from "./trim-thread.js";
export { type ThreadLockOptions, withThreadLock } from "./with-thread-lock.js";
