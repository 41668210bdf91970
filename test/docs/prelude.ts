// What the examples in README and docs take for granted. Each example is checked as a module of its own.
import type { BaseCheckpointSaver, BaseStore } from "@langchain/langgraph";
import type { VirtualObjectDefinition } from "@restatedev/restate-sdk";
import type { AgentTool, OpenCheckpointer, PlanExecuteAgent } from "langgraph-plan-execute";
import type { Queue } from "langgraph-plan-execute/queue";

declare global {
  const tools: AgentTool[];
  const agent: PlanExecuteAgent;
  const thread: { configurable: { thread_id: string } };
  const input: { input: string };
  const checkpointer: BaseCheckpointSaver;
  const store: BaseStore;
  const opened: OpenCheckpointer;
  const url: string;
  const queue: Queue;
  /** Of docs/restate.md. */
  const createThreads: (
    agent: PlanExecuteAgent,
    opened: OpenCheckpointer,
  ) => VirtualObjectDefinition<"thread", object>;
}
