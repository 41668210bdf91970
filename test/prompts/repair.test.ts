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

test("a call whose arguments are no JSON goes back as one that can be sent, and is answered", () => {
  const answer = new AIMessage({
    content: "Let me see.",
    invalid_tool_calls: [{ id: "x", name: "plan", args: "{" }, { args: "{" }],
  });
  const [sent, ...results] = toRepairMessages(answer, issues);
  expect(AIMessage.isInstance(sent) && sent.tool_calls).toMatchObject([
    { id: "x", name: "plan", args: {} },
    { id: "plan", name: "plan", args: {} },
  ]);
  expect(sent?.text).toBe("Let me see.");
  expect(AIMessage.isInstance(sent) && sent.invalid_tool_calls).toEqual([]);
  expect(results.map((message) => ToolMessage.isInstance(message) && message.tool_call_id)).toEqual([
    "x",
    "plan",
  ]);
});
