import { HumanMessage } from "@langchain/core/messages";
import { MemorySaver, MessagesZodState, START, StateGraph } from "@langchain/langgraph";
import { expect } from "vitest";
import { isWhole, keepMessagesAsChanges } from "../../src/langgraph/index.js";
import { thread } from "./graphs.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "`experimental.deltaMessages` does nothing, or `trimThread` removes checkpoints that those which are kept cannot be " +
    "read without.",
} as const;

checkTouch(
  touch,
  "messages are kept as changes, and a checkpoint says that it needs those before it",
  async () => {
    const saver = new MemorySaver();
    const graph = new StateGraph(MessagesZodState)
      .addNode("node", async () => ({ messages: [new HumanMessage({ id: "b", content: "two" })] }))
      .addEdge(START, "node");
    keepMessagesAsChanges(graph);
    const compiled = graph.compile({ checkpointer: saver });
    const { messages } = await compiled.invoke(
      { messages: [new HumanMessage({ id: "a", content: "one" })] },
      thread,
    );
    expect(messages.map(({ text }) => text)).toEqual(["one", "two"]);
    const tuple = await saver.getTuple(thread);
    expect(tuple?.checkpoint.channel_values.messages).toBeUndefined();
    expect(isWhole(tuple)).toBe(false);
    const { values } = await compiled.getState(thread);
    expect(values.messages).toHaveLength(2);
  },
);
