// Chat clients show each argument in a text area, and what is edited comes back as text, whatever it was.
import { type BaseMessage, isAIMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import type { JSONSchema } from "@langchain/core/utils/json_schema";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonValue } from "../../../src/base/index.js";
import { escapeMarkdown } from "../../../src/base/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, requestOf } from "../../support/approval.js";

const config = { configurable: { thread_id: "1" } };
const zodSchema = z.object({
  to: z.string(),
  amount: z.number().min(1).optional(),
  urgent: z.boolean().optional(),
  items: z.array(z.string()).optional(),
  by: z.object({ name: z.string() }).nullish(),
  code: z.union([z.string(), z.number()]).optional(),
  free: z.any().optional(),
});
const jsonSchema: JSONSchema = {
  type: "object",
  properties: {
    to: { type: "string" },
    amount: { type: "number", minimum: 1 },
    urgent: { type: "boolean" },
    items: { type: "array", items: { type: "string" } },
  },
  required: ["to"],
};
const shown = { to: "ann", amount: 5, urgent: true, items: ["pen"] };

function setUp(args: Record<string, JsonValue> = shown, schema: typeof zodSchema | JSONSchema = zodSchema) {
  const sent: unknown[] = [];
  const record = (given: unknown) => {
    sent.push(given);
    return "sent";
  };
  const send = tool(record, { name: "send", description: "sends", schema });
  const other = tool(record, {
    name: "other",
    description: "sends",
    schema: z.object({ amount: z.number() }),
  });
  const { agent } = plannedAgent(
    [
      { id: "1", tool: "send", args },
      { id: "2", tool: "other", args: { amount: 1 } },
    ],
    {
      tools: [send, other],
      approval: { tools: { send: true } },
      checkpointer: new MemorySaver(),
    },
  );
  return { agent, sent };
}

describe("an argument that comes back as text", () => {
  test.each<[Record<string, JsonValue>, Record<string, JsonValue>]>([
    [{ amount: "15" }, { amount: 15 }],
    [{ amount: " 1.5\n" }, { amount: 1.5 }],
    [{ urgent: "false" }, { urgent: false }],
    [{ items: '["pen", "ink"]' }, { items: ["pen", "ink"] }],
    [{ items: "[]" }, { items: [] }],
    [{ by: '{"name":"bob"}' }, { by: { name: "bob" } }],
    [{ by: "null" }, { by: null }],
    [{ to: "15" }, { to: "15" }],
    [{ to: "true" }, { to: "true" }],
    [{ code: "15" }, { code: "15" }],
    [
      { amount: 15, items: ["ink"] },
      { amount: 15, items: ["ink"] },
    ],
  ])("is read by the tool's schema: %j", async (edited, expected) => {
    const { agent, sent } = setUp();
    await agent.invoke({ input: "go" }, config);
    const asText = Object.fromEntries(
      Object.entries(shown).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    const { status } = await agent.invoke(decide(edit("send", { ...asText, ...edited })), config);
    expect(status).toBe("done");
    expect(sent[0]).toEqual({ ...shown, ...expected });
  });

  test.each<[JsonValue, string, JsonValue]>([
    [4, "15", 15],
    [["a"], '["b"]', ["b"]],
    [4, "four", "four"],
    ["4", "15", "15"],
  ])(
    "stays the kind of value that it was where the schema takes anything: %j, then %j",
    async (before, text, after) => {
      const { agent, sent } = setUp({ to: "ann", code: 1, free: before });
      await agent.invoke({ input: "go" }, config);
      await agent.invoke(decide(edit("send", { to: "ann", code: "2", free: text })), config);
      expect(sent[0]).toEqual({ to: "ann", code: 2, free: after });
    },
  );

  test("is read by a JSON Schema too, and by that of the tool that the call was edited to", async () => {
    const first = setUp(shown, jsonSchema);
    await first.agent.invoke({ input: "go" }, config);
    await first.agent.invoke(
      decide(edit("send", { to: "bob", amount: "15", urgent: "false", items: '["ink"]' })),
      config,
    );
    expect(first.sent[0]).toEqual({ to: "bob", amount: 15, urgent: false, items: ["ink"] });
    const second = setUp();
    await second.agent.invoke({ input: "go" }, config);
    await second.agent.invoke(decide(edit("other", { amount: "15" })), config);
    expect(second.sent[0]).toEqual({ amount: 15 });
  });

  test.each<[Record<string, JsonValue>, string]>([
    [
      { amount: "fifteen" },
      'The argument "amount" cannot be "fifteen": Invalid input: expected number, received string',
    ],
    [{ amount: "0" }, 'The argument "amount" cannot be "0"'],
    [{ urgent: "perhaps" }, 'The argument "urgent" cannot be "perhaps"'],
    [
      { items: "pen, ink" },
      'Write a number in digits, "true" or "false" as these words, and a list or an object as JSON',
    ],
    [{ items: "[1]" }, 'The argument "items" cannot be "[1]"'],
  ])(
    "and cannot be read is refused, with what was written and what would do: %j",
    async (edited, message) => {
      const { agent, sent } = setUp();
      await agent.invoke({ input: "go" }, config);
      const { error } = requestOf(await agent.invoke(decide(edit("send", { ...shown, ...edited })), config));
      expect(error).toContain(message);
      expect(sent).toEqual([]);
    },
  );
});

describe("why an answer was refused", () => {
  const refused = edit("send", { ...shown, amount: "fifteen" });
  const textsOf = (messages: readonly BaseMessage[]) => messages.map(({ text }) => text);

  test("stands before the description, in both spellings, until an answer is taken", async () => {
    const { agent, sent } = setUp();
    const [first] = requestOf(await agent.invoke({ input: "go" }, config)).actionRequests;
    const again = requestOf(await agent.invoke(decide(refused), config));
    const told = `Your last answer was not taken: ${again.error}\n\n${first?.description}`;
    expect(again.actionRequests).toEqual([{ ...first, description: told }]);
    expect(again.action_requests).toEqual(again.actionRequests);
    const { status } = await agent.invoke(decide(edit("send", { ...shown, amount: "15" })), config);
    expect(status).toBe("done");
    expect(sent[0]).toEqual({ ...shown, amount: 15 });
  });

  test("is said in the conversation, by the last message that a client shows, and is gone once an answer is taken", async () => {
    const { agent } = setUp();
    const before = await agent.invoke({ input: "go" }, config);
    const waiting = await agent.invoke(decide(refused), config);
    const last = waiting.messages.at(-1);
    expect(last && isAIMessage(last)).toBe(true);
    expect(last?.text).toBe(
      `${before.messages.at(-1)?.text}\n\n**Your last answer was not taken:** ${escapeMarkdown(String(requestOf(waiting).error))}`,
    );
    expect(waiting.messages).toHaveLength(before.messages.length);
    const other = await agent.invoke(decide("perhaps"), config);
    expect(other.messages.at(-1)?.text).not.toContain("fifteen");
    expect(other.messages.at(-1)?.text).toContain(
      `**Your last answer was not taken:** ${escapeMarkdown(String(requestOf(other).error))}`,
    );
    const { messages } = await agent.invoke(decide(approve), config);
    expect(textsOf(messages).join("\n")).not.toContain("not taken");
  });

  test("is gone from the conversation with the next goal, and its planner does not read it", async () => {
    const { agent } = setUp();
    await agent.invoke({ input: "go" }, config);
    await agent.invoke(decide(refused), config);
    const { messages } = await agent.invoke({ input: "something else" }, config);
    expect(textsOf(messages).join("\n")).not.toContain("not taken");
  });

  test("stands before the first of several descriptions, because clients show no other", async () => {
    const { agent } = plannedAgent(
      ["a", "b"].map((to) => ({ id: to, tool: "send", args: { to }, dependsOn: [] })),
      {
        tools: [
          tool(() => "sent", { name: "send", description: "sends", schema: z.object({ to: z.string() }) }),
        ],
        approval: { tools: { send: true } },
        checkpointer: new MemorySaver(),
      },
    );
    const first = requestOf(await agent.invoke({ input: "go" }, config));
    const { actionRequests, error } = requestOf(await agent.invoke(decide(approve), config));
    expect(actionRequests.map(({ description }) => description)).toEqual([
      `Your last answer was not taken: ${error}\n\n${first.actionRequests[0]?.description}`,
      first.actionRequests[1]?.description,
    ]);
  });

  test("is said of an edited plan as well", async () => {
    const { agent } = plannedAgent([{ id: "1", description: "greet" }], {
      approval: { plan: true },
      checkpointer: new MemorySaver(),
    });
    await agent.invoke({ input: "go" }, config);
    const waiting = await agent.invoke(decide(edit("plan", { plan: "[1] greet {oops" })), config);
    const { actionRequests, error } = requestOf(waiting);
    expect(error).toContain("The edited plan cannot be used");
    expect(actionRequests[0]?.description).toContain(`Your last answer was not taken: ${error}`);
    expect(waiting.messages.at(-1)?.text).toContain(
      `**Your last answer was not taken:** ${escapeMarkdown(String(error))}`,
    );
  });
});
