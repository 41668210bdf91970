// LangChain passes a run's config down in an async local storage, here called the surroundings. Code that is called
// inside a node finds its callbacks there, and LangGraph finds the current node. These functions leave the
// surroundings, restore them and read them.
import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** Runs work outside the node's surroundings. The caller gives the work what it needs of them as a config. */
export function runDetached<T>(work: () => Promise<T>): Promise<T> {
  return AsyncLocalStorageProviderSingleton.getInstance().run(undefined, work);
}

/** Remembers the current surroundings. The returned function runs work in them, no matter where it is called. */
export function keepSurroundings(): <T>(work: () => T) => T {
  const storage = AsyncLocalStorageProviderSingleton.getInstance();
  const surroundings: unknown = storage.getStore();
  return (work) => storage.run(surroundings, work);
}

/** Returns the callbacks of the current surroundings. */
export function callbacksHere(): RunnableConfig["callbacks"] {
  return AsyncLocalStorageProviderSingleton.getRunnableConfig()?.callbacks;
}
