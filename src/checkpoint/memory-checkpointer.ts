import { MemorySaver } from "@langchain/langgraph";
import { retainInMemory } from "./memory-retention.js";
import { assertMemoryUrl } from "./memory-url.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";
import { ThreadLocks } from "./thread-locks.js";

/** `memory:` keeps checkpoints as long as the process lives. */
export const openMemoryCheckpointer: CheckpointerDriver = async (url, { serializer }) => {
  assertMemoryUrl(url);
  const locks = new ThreadLocks(async () => ({
    lost: new AbortController().signal,
    release: async () => {},
  }));
  const saver = new MemorySaver(serializer);
  return {
    checkpointer: saver,
    kind: "memory",
    lockThread: locks.lock,
    retention: retainInMemory(saver),
    close: () => locks.close(),
  };
};
