import { type LangGraphRunnableConfig, MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { z } from "zod";

export const thread = { configurable: { thread_id: "1" } };

export const stateSchema = z.object({ input: z.string() });

export type Node = (
  state: z.infer<typeof stateSchema>,
  config: LangGraphRunnableConfig,
) => Promise<{ input?: string }>;

/** A graph of one node; its memory is its own, unless it is to be a part of another one. */
export function oneNode(node: Node, checkpointer: MemorySaver | undefined = new MemorySaver()) {
  return new StateGraph(stateSchema).addNode("node", node).addEdge(START, "node").compile({ checkpointer });
}

/** A graph whose node `outer` is another graph of one node. */
export function nested(node: Node) {
  const inner = new StateGraph(stateSchema).addNode("node", node).addEdge(START, "node").compile();
  return new StateGraph(stateSchema)
    .addNode("outer", inner)
    .addEdge(START, "outer")
    .compile({ checkpointer: new MemorySaver() });
}
