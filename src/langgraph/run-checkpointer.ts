// LangGraph passes a run its checkpointer in the config, under a private key, and uses whatever it finds there as the
// graph's checkpointer. So a run can be given another checkpointer, and a node can find the one that its run uses.
import type { RunnableConfig } from "@langchain/core/runnables";
import type { BaseCheckpointSaver } from "@langchain/langgraph";

type Configurable = RunnableConfig["configurable"];

/** Returns the checkpointer in a run's config, or undefined if the config has none. */
export function checkpointerIn(configurable: Configurable): unknown {
  return configurable?.__pregel_checkpointer;
}

/** Copies a config's keys, with another checkpointer for the run. */
export function withCheckpointer(configurable: Configurable, checkpointer: BaseCheckpointSaver) {
  return { ...configurable, __pregel_checkpointer: checkpointer };
}

/** Copies a config without its checkpointer. Some savers return the config, so `getState` would show it. */
export function withoutCheckpointer<Config extends RunnableConfig>(config: Config): Config {
  if (checkpointerIn(config.configurable) === undefined) {
    return config;
  }
  const { __pregel_checkpointer: _checkpointer, ...configurable } = config.configurable ?? {};
  return { ...config, configurable };
}

/** Whether a value is a checkpointer. This checks its members, not its class, because two LangGraphs may be loaded. */
export function isSaver(saver: unknown): saver is BaseCheckpointSaver {
  return typeof saver === "object" && saver !== null && "putWrites" in saver;
}
