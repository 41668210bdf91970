// LangChain hands a run's config down in an async local storage: what is called inside a node finds its callbacks, and
// LangGraph its node, without being given them. Work that must not be found in a node leaves it here.
import type { RunnableConfig } from "@langchain/core/runnables";
import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";

/** Runs work outside of the node's surroundings; what it needs of them it is given as its config. */
export function runDetached<T>(work: () => Promise<T>): Promise<T> {
  return AsyncLocalStorageProviderSingleton.getInstance().run(undefined, work);
}

/** Runs work in the surroundings in which this was called, from wherever the work is started. */
export function keepSurroundings(): <T>(work: () => T) => T {
  const storage = AsyncLocalStorageProviderSingleton.getInstance();
  const surroundings: unknown = storage.getStore();
  return (work) => storage.run(surroundings, work);
}

/** The callbacks of whatever runs here. */
export function callbacksHere(): RunnableConfig["callbacks"] {
  return AsyncLocalStorageProviderSingleton.getRunnableConfig()?.callbacks;
}
