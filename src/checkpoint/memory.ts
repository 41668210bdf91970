import { MemorySaver } from "@langchain/langgraph";
import { unknownUrl } from "./checkpointer-error.js";
import type { CheckpointerDriver } from "./open-checkpointer.js";

/** `memory:` keeps checkpoints as long as the process lives. */
export const openMemory: CheckpointerDriver = async (url, { serializer }) => {
  if (!/^memory:$/i.test(url)) throw unknownUrl("memory: takes no path");
  return { checkpointer: new MemorySaver(serializer), kind: "memory", close: async () => {} };
};
