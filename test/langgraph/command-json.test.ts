import { Command } from "@langchain/langgraph";
import { expect } from "vitest";
import { looksLikeCommand } from "../../src/langgraph/command-json.js";
import { checkTouch } from "./touch.js";

const touch = {
  of: "@langchain/langgraph",
  breaks:
    "An answer that comes as JSON is taken for an input without a goal, and drops the request that waits for it.",
} as const;

checkTouch(touch, "a command that went through JSON is known by LangGraph's name for it", () => {
  expect(looksLikeCommand(JSON.parse(JSON.stringify(new Command({ resume: "yes" }))))).toBe(true);
  expect(looksLikeCommand({ input: "go" })).toBe(false);
});
