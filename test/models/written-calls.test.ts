// Calls written as text over ChatOpenAI and a server on loopback: what is sent, and what a client of the stream sees.
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { type ModelReply, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

const WRITTEN = '```json\n{"name": "echo", "arguments": {"value": "out"}}\n```';
const written: ModelReply = { text: WRITTEN, cuts: /./gs, pace: async () => {} };
const end: ModelReply = { text: "It is out.", pace: async () => {} };

/** Runs a script; gives what was sent, the outcome, and all that a client was shown. */
async function run(script: readonly ModelReply[]) {
  const { agent, server } = await openAiAgent(script, { checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "1" } };
  const shown: string[] = [];
  for await (const [message] of await agent.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
    shown.push(message.text);
  }
  const { values } = await agent.getState(thread);
  return { requests: server.requests, shown: shown.join(""), values };
}

test.each([
  ["the planner", [written, end]],
  ["the closing model, which is asked again", [planReply([{ echo: { value: "out" } }]), written, end]],
])("a call that comes letter by letter from %s reaches nobody", async (_, script) => {
  const { shown, values } = await run(script);
  expect(values).toMatchObject({ status: "done", response: "It is out.", pastSteps: [{ output: "out" }] });
  expect(shown).not.toMatch(/json|arguments/);
  expect(shown).toContain("It is out.");
});

test("an agent's written call goes back to its model as a call, and a loop ends with the tool choice none", async () => {
  const { requests, values } = await run([
    planReply([{ description: "echo it" }], "1"),
    written,
    written,
    written,
    end,
  ]);
  expect(values).toMatchObject({ status: "done", response: "It is out." });
  expect(requests[2]?.messages.at(-2)).toMatchObject({
    role: "assistant",
    tool_calls: [{ function: { name: "echo", arguments: '{"value":"out"}' } }],
  });
  expect(requests.map(({ tool_choice }) => tool_choice)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    "none",
  ]);
  expect(requests[4]?.tools).toHaveLength(2);
});
