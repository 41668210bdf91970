import { MemorySaver } from "@langchain/langgraph";
import { z } from "zod";
import { unknownUrl } from "./checkpointer-error.js";
import type { CheckpointerDriver, CheckpointRetention } from "./driver.js";
import { ThreadLocks } from "./thread-locks.js";

/** Throws unless a URL is exactly `memory:`. */
export function assertMemoryUrl(url: string): void {
  if (!/^memory:$/i.test(url)) {
    throw unknownUrl("memory: takes no path");
  }
}

/** Opens `memory:`, which keeps checkpoints as long as the process lives. */
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

const writesKeySchema = z.tuple([z.string(), z.string(), z.string()]);

function retainInMemory({ storage, writes }: MemorySaver): CheckpointRetention {
  const idsOf = (threadId: string) => {
    const namespaces = Object.entries(storage[threadId] ?? {});
    return new Map(
      namespaces.map(([name, checkpoints]) => [name, Object.keys(checkpoints).sort().reverse()]),
    );
  };
  return {
    threadsBefore: async (checkpointId) =>
      Object.keys(storage).flatMap((threadId) => {
        const newestId = [...idsOf(threadId).values()]
          .flatMap(([newest]) => newest ?? [])
          .sort()
          .at(-1);
        return newestId !== undefined && newestId < checkpointId ? [{ threadId, newestId }] : [];
      }),
    checkpointIds: async (threadId) => idsOf(threadId),
    async removeBefore(threadId, namespace, checkpointId) {
      const checkpoints = storage[threadId]?.[namespace] ?? {};
      const old = Object.keys(checkpoints).filter((id) => id < checkpointId);
      for (const id of old) {
        delete checkpoints[id];
      }
      for (const key of Object.keys(writes)) {
        const [thread, space, id] = writesKeySchema.parse(JSON.parse(key));
        if (thread === threadId && space === namespace && id < checkpointId) {
          delete writes[key];
        }
      }
      return old.length;
    },
  };
}
