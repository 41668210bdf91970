import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { CheckpointRetention } from "./checkpoint-retention.js";
import type { PackageLoader } from "./load-package.js";
import type { LockThread } from "./thread-locks.js";

/** What keeps the checkpoints. */
export type CheckpointerKind = "memory" | "sqlite" | "postgres";

/** A checkpointer that is ready for use, and the way to let go of it. */
export type OpenCheckpointer = {
  /** What a graph is compiled with. */
  readonly checkpointer: BaseCheckpointSaver;
  /** What keeps the checkpoints. */
  readonly kind: CheckpointerKind;
  /** Keeps everybody else away from a thread; used by `withThreadLock`. */
  readonly lockThread: LockThread;
  /** What finds and removes old checkpoints; used by `deleteThreadsOlderThan` and `trimThread`. */
  readonly retention: CheckpointRetention;
  /** Lets go of locks, and releases the file or the connections; a second call does nothing. */
  readonly close: () => Promise<void>;
};

/** How a checkpointer is opened. */
export type CheckpointerOptions = {
  /**
   * Turns states and writes into what is kept, and back.
   * @default LangGraph's own: JSON
   */
  readonly serializer?: BaseCheckpointSaver["serde"];
  /**
   * Imports a database's package by its name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
};

/** Opens the checkpointer that one form of URL stands for. */
export type CheckpointerDriver = (
  url: string,
  options: CheckpointerOptions & { readonly load: PackageLoader },
) => Promise<OpenCheckpointer>;
