// LangGraph hands a run its checkpointer in the config, under a key of its own, and takes whatever stands there for the
// graph's. So a run can be given another one, and a node finds what its run is stored through.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";

type Configurable = RunnableConfig["configurable"];

/** What a run is stored through, as its config says it; undefined where the config says nothing. */
export function checkpointerIn(configurable: Configurable): unknown {
  return configurable?.__pregel_checkpointer;
}

/** The config's keys with another checkpointer for the run. */
export function withCheckpointer(configurable: Configurable, checkpointer: BaseCheckpointSaver) {
  return { ...configurable, __pregel_checkpointer: checkpointer };
}

/** Whether something is a checkpointer, by its looks: two copies of LangGraph may be loaded. */
export function isSaver(saver: unknown): saver is BaseCheckpointSaver {
  return typeof saver === "object" && saver !== null && "putWrites" in saver;
}
