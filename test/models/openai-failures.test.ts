import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import type { ModelReply } from "../support/openai-server.js";
import { openAiAgent, servedPlan } from "./openai-agent.js";

const thread = { configurable: { thread_id: "1" } };
const hello: ModelReply = { text: "Hello." };

test.each<[string, ModelReply]>([
  ["HTTP 429", { status: 429 }],
  ["HTTP 500", { status: 500 }],
  ["HTTP 503", { status: 503 }],
  ["a connection that is reset", { connection: "reset" }],
  ["an answer with nothing in it", { text: "" }],
  ["an answer without choices", { isEmpty: true }],
])("%s is tried again, by us alone", async (_, failure) => {
  const { agent, server, events } = await openAiAgent([failure, failure, hello]);
  const { response, usage } = await agent.invoke({ input: "hi" });
  expect(response).toBe("Hello.");
  expect(server.requests).toHaveLength(3);
  expect(usage.calls).toBe(3);
  const retries = events.filter((event) => event.type === "model.retried");
  expect(retries.map(({ role, attempt }) => [role, attempt])).toEqual([
    ["planner", 2],
    ["planner", 3],
  ]);
});

test("after three attempts the run ends as failed, with the cause, and the next turn works", async () => {
  const down: ModelReply = { status: 503, text: "overloaded" };
  const { agent, server } = await openAiAgent([down, down, down, hello], { checkpointer: new MemorySaver() });
  const first = await agent.invoke({ input: "hi" }, thread);
  expect(first.status).toBe("failed");
  expect(first.outcome?.reason).toMatch(
    /planner's model openai:gpt-4.1-mini failed after 3 attempts: .*overloaded/,
  );
  expect(first.usage).toMatchObject({ calls: 3, failedCalls: 3 });
  expect(server.requests).toHaveLength(3);
  const second = await agent.invoke({ input: "hi again" }, thread);
  expect(second).toMatchObject({ status: "done", response: "Hello.", outcome: { failed: [], left: [] } });
});

test.each([400, 401, 403, 404])("HTTP %i is not tried again", async (status) => {
  const { agent, server } = await openAiAgent(() => ({ status, text: "no such key" }));
  const { status: ended, outcome } = await agent.invoke({ input: "hi" });
  expect(ended).toBe("failed");
  expect(outcome?.reason).toContain("no such key");
  expect(server.requests).toHaveLength(1);
});

test("a connection that is refused ends the run as failed, with what was done kept", async () => {
  const { agent, server } = await openAiAgent((_, index) =>
    index === 0 ? servedPlan : { connection: "reset" },
  );
  const { status, pastSteps, response } = await agent.invoke({ input: "go" });
  expect(status).toBe("failed");
  expect(pastSteps).toMatchObject([{ id: "1", output: "out" }]);
  expect(response).toContain("out");
  expect(server.requests).toHaveLength(4);
  await server.close();
  const refused = await agent.invoke({ input: "go" });
  expect(refused.status).toBe("failed");
  expect(refused.outcome?.reason).toMatch(/after 3 attempts/);
});

test("a content filter ends the run as refused, and is not tried again", async () => {
  const { agent, server } = await openAiAgent([{ finish: "content_filter" }]);
  const { status, outcome, response } = await agent.invoke({ input: "hi" });
  expect(status).toBe("refused");
  expect(outcome?.reason).toContain("content filter");
  expect(response).toContain("content filter");
  expect(server.requests).toHaveLength(1);
});

test("a model that never answers is cut off by the turn's time limit", async () => {
  const { agent } = await openAiAgent(() => ({ connection: "hang" }), { limits: { maxDurationMs: 1_000 } });
  const { status, outcome } = await agent.invoke({ input: "hi" });
  expect(status).toBe("incomplete");
  expect(outcome?.reason).toContain("maxDurationMs is 1000 ms");
});
