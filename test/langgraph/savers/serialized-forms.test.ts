import { HumanMessage } from "@langchain/core/messages";
import { Command, MemorySaver } from "@langchain/langgraph";
import { expect } from "vitest";
import { isSerializedForm } from "../../../src/langgraph/index.js";
import { checkTouch } from "../touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "In SQLite files a large value that LangGraph reads as a message or a command comes back as plain JSON.",
} as const;

checkTouch(touch, "LangGraph's serializer marks what is not its own JSON with these keys", async () => {
  const { serde } = new MemorySaver();
  for (const value of [new HumanMessage("go"), new Command({ goto: "a" }), new Set([1])]) {
    const [, bytes] = await serde.dumpsTyped(value);
    expect(isSerializedForm(JSON.parse(new TextDecoder().decode(bytes)))).toBe(true);
  }
  expect(isSerializedForm({ input: "go" })).toBe(false);
});
