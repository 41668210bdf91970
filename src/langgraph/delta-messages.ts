import { DeltaChannel, messagesDeltaReducer } from "@langchain/langgraph";

/**
 * Has a graph keep its messages as changes. LangGraph makes its own channels of a zod state, and takes any other in
 * their place until it compiles.
 */
export function keepMessagesAsChanges(graph: { readonly channels: Record<string, unknown> }): void {
  graph.channels.messages = new DeltaChannel(messagesDeltaReducer);
}
