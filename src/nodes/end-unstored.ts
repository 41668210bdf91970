import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { AgentState, StateChange, StateUpdate } from "../state/index.js";
import { describeProgress } from "./describe-progress.js";
import { finish } from "./finish.js";
import { type AgentServices, createNodeContext, type NodeContext } from "./node-context.js";
import { storageOf } from "./run-storage.js";
import type { StorageError } from "./storage-error.js";

/**
 * The end of a run that cannot be stored. Only its caller gets it: in the database the thread stands where it stood
 * when something was stored last, and goes on from there.
 */
export function endUnstored(state: AgentState, failure: StorageError, context: NodeContext): StateChange {
  const { message: reason, code } = failure;
  if (context.storage !== undefined) context.storage.isTold = true;
  const response = describeProgress(state, reason);
  const messageId = context.services.createId();
  return {
    ...finish(state, { status: "failed", reason, code, response, messageId }, context),
    failure: null,
  };
}

/**
 * The node, which begins when all before it is stored, whatever the run's `durability`, and ends the run instead where
 * that cannot be.
 */
export function whileStored(
  services: AgentServices,
  node: (state: AgentState, config: LangGraphRunnableConfig) => Promise<StateUpdate>,
): typeof node {
  return async (state, config) => {
    const storage = storageOf(config);
    await storage?.settledAfterTurn(config.signal);
    const failure = storage?.failure;
    if (failure === undefined) return node(state, config);
    return endUnstored(state, failure, createNodeContext(services, state, config));
  };
}
