import type { BaseStore } from "@langchain/langgraph";
import type { PackageLoader } from "./load-package.js";
import type { CheckpointerKind, CheckpointerOptions } from "./open-checkpointer.js";

/** A store that is ready for use, and the way to let go of it. */
export type OpenStore = {
  /** What an agent takes as its `store`. */
  readonly store: BaseStore;
  /** What keeps the entries. */
  readonly kind: CheckpointerKind;
  /** Releases the file or the connections; a second call does nothing. */
  readonly close: () => Promise<void>;
};

/** How a store is opened. */
export type StoreOptions = {
  /**
   * Turns values into what is kept, and back; values cannot be searched then. Encrypts them, if it is the serializer of
   * `createEncryptedSerializer`.
   * @default none: values are kept as JSON
   */
  readonly serializer?: NonNullable<CheckpointerOptions["serializer"]>;
  /**
   * Imports a database's package by its name.
   * @default the runtime's own import
   */
  readonly load?: PackageLoader;
};

/** Opens the store that one form of URL stands for. */
export type StoreDriver = (url: string, load: PackageLoader) => Promise<OpenStore>;
