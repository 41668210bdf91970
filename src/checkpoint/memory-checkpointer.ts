import { MemorySaver } from "@langchain/langgraph";
import { assertMemoryUrl } from "./memory-url.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";

/** `memory:` keeps checkpoints as long as the process lives. */
export const openMemoryCheckpointer: CheckpointerDriver = async (url, { serializer }) => {
  assertMemoryUrl(url);
  return { checkpointer: new MemorySaver(serializer), kind: "memory", close: async () => {} };
};
