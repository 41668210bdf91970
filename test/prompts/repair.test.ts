import { AIMessage, ToolMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { toRepairMessages } from "../../src/prompts/index.js";

const issues = ['Step "1" has no tool.', "The plan has a cycle."];

test("a text is sent back with all issues in a person's message", () => {
  const answer = new AIMessage("{}");
  const [first, second, ...others] = toRepairMessages(answer, issues);
  expect(first).toBe(answer);
  expect(second?.getType()).toBe("human");
  expect(second?.text).toContain('- Step "1" has no tool.\n- The plan has a cycle.');
  expect(others).toEqual([]);
});

test("every call gets the issues as its result, since a provider refuses a call without one", () => {
  const call = (id: string) => ({ id, name: "plan", args: {}, type: "tool_call" as const });
  const answer = new AIMessage({ content: "", tool_calls: [call("a"), call("b")] });
  const [, ...results] = toRepairMessages(answer, issues);
  expect(results.map((message) => ToolMessage.isInstance(message) && message.tool_call_id)).toEqual([
    "a",
    "b",
  ]);
  expect(results.every((message) => ToolMessage.isInstance(message) && message.status === "error")).toBe(
    true,
  );
  expect(results[1]?.text).toContain("The plan has a cycle.");
});
