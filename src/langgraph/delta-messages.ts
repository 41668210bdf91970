import { DeltaChannel, messagesDeltaReducer } from "@langchain/langgraph";

/**
 * Makes a graph keep its messages as changes. LangGraph creates the channels itself from a zod state, but it accepts
 * another channel in their place until the graph is compiled.
 */
export function keepMessagesAsChanges(graph: { readonly channels: Record<string, unknown> }): void {
  graph.channels.messages = new DeltaChannel(messagesDeltaReducer);
}
