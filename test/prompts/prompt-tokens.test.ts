// What every run pays before anything is done: tokens of o200k_base, tool definitions as OpenAI's cookbook counts them.

import type { BaseMessage } from "@langchain/core/messages";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { expect, it } from "vitest";
import { inputParts } from "../../bench/peers/model/count-tokens.js";
import { type ModelRequest, requestSchema } from "../../bench/peers/model/request.js";
import { createTools } from "../../bench/peers/tools.js";
import { workNamed } from "../../bench/peers/works/index.js";
import {
  RESPOND_DEFINITION,
  toPlannerMessages,
  toPlanTool,
  toReplannerMessages,
} from "../../src/prompts/index.js";
import { createBuiltinTools, createToolRegistry } from "../../src/tools/index.js";

const goal = "Who stands five levels above Ada Lind? Answer in a sentence that names both.";
const toolsOfBenchmark = createToolRegistry(createTools(workNamed("chain of 5"), 1)).describe();
const builtinTools = createToolRegistry(createBuiltinTools({ root: "." })).describe();

function requestOf(messages: readonly BaseMessage[], tools: readonly object[]): ModelRequest {
  return requestSchema.parse({
    model: "large",
    messages: messages.map((message) => ({
      role: message.getType() === "system" ? "system" : "user",
      content: message.text,
    })),
    tools: tools.map((tool) => convertToOpenAITool(tool)),
  });
}

const tokensOf = (request: ModelRequest) => inputParts(request).reduce((sum, { tokens }) => sum + tokens, 0);

it.each([
  ["the benchmark's eight tools", toolsOfBenchmark, 590, 760],
  ["the nine built-in tools", builtinTools, 1_480, 1_660],
])("with %s a plan is asked for in few tokens, and so is a new one", (_, tools, forPlanner, forReplanner) => {
  const common = {
    tools,
    method: "tool",
    maxSteps: 20,
    today: "Tuesday, 2025-06-10, Europe/Berlin",
    attachments: [],
    conversation: [],
    plans: [],
    goal,
  } as const;
  const planner = toPlannerMessages({ ...common, granularity: "fine", pitfalls: false });
  expect(tokensOf(requestOf(planner, [toPlanTool()]))).toBeLessThanOrEqual(forPlanner);
  const nothing = {
    plan: [],
    pastSteps: [],
    remaining: [],
    replaced: [],
    decisions: [],
    causes: [],
    firstId: 1,
  } as const;
  const replanner = toReplannerMessages({ ...common, ...nothing, cut: (text) => text });
  expect(tokensOf(requestOf(replanner, [toPlanTool({ ids: true }), RESPOND_DEFINITION]))).toBeLessThanOrEqual(
    forReplanner,
  );
});
