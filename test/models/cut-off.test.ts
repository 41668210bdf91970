// An answer that was cut off at its limit on tokens is a fault, and the limit is always sent.
import { AIMessage } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { createPlanExecuteAgent } from "../../src/agent/index.js";
import { byId, echo, plannedAgent } from "../support/agent-run.js";
import { type ModelReply, type ModelRequest, startOpenAiServer } from "../support/openai-server.js";
import { openAiAgent, servedPlan } from "./openai-agent.js";

const half = '{"steps": [{"tool": "echo", "args": {"value": "o';
const cutPlan: ModelReply = { calls: [{ name: "plan", args: half }], finish: "length" };
const cutWords: ModelReply = { text: "It is o", finish: "length" };
const limitsOf = (requests: readonly ModelRequest[]) => requests.map(({ max_tokens: limit }) => limit);

describe("every call has a limit on output tokens", () => {
  it("by role, where the model has none of its own", async () => {
    const { agent, server } = await openAiAgent([
      { calls: [{ name: "plan", args: { steps: [{ description: "think" }] } }] },
      { text: "out" },
      { text: "It is out." },
    ]);
    await agent.invoke({ input: "go" });
    expect(limitsOf(server.requests)).toEqual([4_096, 8_192, 8_192]);
  });

  it("with room for thoughts, and never more than the model can do", async () => {
    for (const [model, field, limit] of [
      ["openai:o4-mini", "max_completion_tokens", 16_384],
      ["openai:gpt-4", "max_tokens", 4_096],
      ["openai:gpt-4-turbo", "max_tokens", 4_096],
    ] as const) {
      const { agent, server } = await openAiAgent([{ text: "Hi." }], { model });
      await agent.invoke({ input: "hi" });
      expect(server.requests[0]?.[field]).toBe(limit);
    }
  });

  it("a person's own limit stays", async () => {
    const server = await startOpenAiServer(() => ({ text: "Hi." }));
    onTestFinished(() => server.close());
    const configuration = { baseURL: server.environment.OPENAI_BASE_URL };
    for (const maxTokens of [undefined, 50, -1]) {
      const model = new ChatOpenAI({ model: "local", apiKey: "none", maxTokens, configuration });
      await createPlanExecuteAgent({ model, tools: [echo] }).invoke({ input: "hi" });
    }
    expect(limitsOf(server.requests)).toEqual([4_096, 50, undefined]);
  });

  it("unless a server refuses it: then the model is asked without", async () => {
    const { agent, server } = await openAiAgent(
      ({ max_tokens: limit }) =>
        limit === undefined
          ? { text: "Hi." }
          : { status: 400, text: `max_tokens is too large: ${limit}. The context length is 4096 tokens.` },
      { model: "openai:short" },
    );
    expect((await agent.invoke({ input: "hi" })).response).toBe("Hi.");
    await agent.invoke({ input: "hi" });
    expect(limitsOf(server.requests)).toEqual([4_096, undefined, undefined]);
  });
});

describe("a plan that was cut off", () => {
  it("is asked for again with more room", async () => {
    const { agent, server } = await openAiAgent([cutPlan, servedPlan, { text: "It is out." }]);
    const { response, status } = await agent.invoke({ input: "go" });
    expect({ response, status }).toEqual({ response: "It is out.", status: "done" });
    expect(limitsOf(server.requests).slice(0, 2)).toEqual([4_096, 16_384]);
  });

  it.each([
    ["as a call", cutPlan],
    ["in words", { text: `\`\`\`json\n${half}`, finish: "length" }],
    ["in plain words", cutWords],
  ])("%s is never the answer: the run fails and says what to set", async (_, reply) => {
    const { agent, server } = await openAiAgent(() => reply);
    const { response, status, outcome } = await agent.invoke({ input: "go" });
    expect(status).toBe("failed");
    expect(outcome?.reason).toMatch(/failed after 2 attempts: .*cut off .*\(16384\).*maxTokens/);
    expect(response).not.toMatch(/echo|It is o/);
    expect(server.requests).toHaveLength(2);
  });

  it("goes to the role's next model where more room does not help", async () => {
    const { agent, server } = await openAiAgent(
      ({ model }) => (model === "gpt-4.1" ? { text: "Hi." } : cutPlan),
      {
        planner: { fallbacks: ["openai:gpt-4.1"] },
      },
    );
    expect((await agent.invoke({ input: "go" })).response).toBe("Hi.");
    expect(server.requests).toHaveLength(3);
  });
});

test.each([
  ["OpenAI, also llama.cpp, vLLM, Groq and others", { finish_reason: "length" }],
  ["OpenAI's Responses", { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }],
  ["Anthropic", { stop_reason: "max_tokens" }],
  ["Google", { finishReason: "MAX_TOKENS" }],
  ["Bedrock", { stopReason: "max_tokens" }],
  ["Ollama", { done_reason: "length" }],
  ["Mistral", { finish_reason: "model_length" }],
])("a step's output is not what was cut off, as %s says it", async (_, response_metadata) => {
  const { agent, model } = plannedAgent(
    [{ id: "1", description: "write" }],
    { tools: [echo], replanner: { maxReplans: 0 } },
    { agent: new AIMessage({ content: "half an", response_metadata }) },
  );
  const { pastSteps } = await agent.invoke({ input: "go" });
  expect(byId(pastSteps)["1"]).toMatchObject({ status: "failed", error: { code: "MODEL_CUT_OFF" } });
  expect(model.count("agent")).toBe(1);
});

test("a step's output is no JSON that does not close: the model is asked again", async () => {
  const answers = ['{"rows": [1, 2', '{"rows": [1, 2]}'];
  const { agent } = plannedAgent(
    [{ id: "1", description: "list" }],
    { tools: [echo] },
    { agent: () => answers.shift() ?? "", answer: "It is out." },
  );
  expect((await agent.invoke({ input: "go" })).pastSteps).toMatchObject([{ output: { rows: [1, 2] } }]);
});

test("a call step calls no tool with what was cut off", async () => {
  const cut = new AIMessage({
    content: "",
    tool_calls: [{ name: "echo", args: { value: "o" }, id: "1" }],
    response_metadata: { finish_reason: "length" },
  });
  const { agent } = plannedAgent(
    [{ id: "1", tool: "echo", description: "say out" }],
    { tools: [echo], replanner: { maxReplans: 0 } },
    { call: cut },
  );
  expect((await agent.invoke({ input: "go" })).pastSteps).toMatchObject([
    { status: "failed", error: { code: "MODEL_CUT_OFF" } },
  ]);
});

test("a closing answer that every model cut off is shown, and says that it is cut", async () => {
  const { agent, server } = await openAiAgent(({ tools }) => (tools === undefined ? cutWords : servedPlan));
  const { response, status } = await agent.invoke({ input: "go" });
  expect({ response, status }).toEqual({
    response: "It is o… [cut: the limit on output tokens was reached]",
    status: "done",
  });
  expect(limitsOf(server.requests)).toEqual([4_096, 8_192, 32_768]);
});
