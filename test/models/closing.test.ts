// The closing call over ChatOpenAI and a server on loopback: what is sent, what is streamed, and how it goes on.
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { type ModelReply, type ModelRequest, planReply } from "../support/openai-server.js";
import { openAiAgent } from "./openai-agent.js";

const namesOf = ({ tools }: ModelRequest) => tools?.map((tool) => tool.function.name);
const say = (id: string) => ({ id, echo: { value: `out of ${id}` } });

/** Runs a script; gives what was sent, what the client saw by message, and the conversation. */
async function run(script: readonly ModelReply[]) {
  const { agent, server } = await openAiAgent(script, { checkpointer: new MemorySaver() });
  const thread = { configurable: { thread_id: "1" } };
  const shown = new Map<string, string[]>();
  for await (const [message] of await agent.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
    const id = message.id ?? "none";
    shown.set(id, [...(shown.get(id) ?? []), message.text].filter(Boolean));
  }
  const { values } = await agent.getState(thread);
  return { requests: server.requests, shown, values, last: values.messages.at(-1) };
}

test("the answer is one short call without tools, and streams as it comes", async () => {
  const { requests, shown, values, last } = await run([
    planReply([say("a")]),
    { text: "It is out of a.", pace: async () => {} },
  ]);
  expect(values).toMatchObject({ status: "done", response: "It is out of a." });
  expect(requests.map(namesOf)).toEqual([["plan"], undefined]);
  expect(requests[1]?.tool_choice).toBeUndefined();
  expect(requests[1]?.messages.map(({ role }) => role)).toEqual(["system", "user"]);
  expect(JSON.stringify(requests[1]).length).toBeLessThan(1_200);
  expect(shown.get(last?.id ?? "")).toEqual(["It ", "is ", "out ", "of ", "a."]);
});

test("where something is missing the whole replanner is asked, and of that call nobody sees a word", async () => {
  const { requests, shown, values, last } = await run([
    planReply([say("a")]),
    { text: "<missing>what b gives</missing>", pace: async () => {} },
    planReply([say("b")]),
    { text: "They are out." },
  ]);
  expect(values).toMatchObject({ status: "done", response: "They are out.", replans: 1 });
  expect(values.pastSteps.map(({ id }: { id: string }) => id)).toEqual(["a", "b"]);
  expect(requests.map(namesOf)).toEqual([["plan"], undefined, ["plan", "respond"], undefined]);
  expect(JSON.stringify(requests[2]?.messages)).toContain("Missing: what b gives");
  // Both closing calls begin alike.
  expect(requests[3]?.messages[0]).toEqual(requests[1]?.messages[0]);
  expect(JSON.stringify([...shown.values()])).not.toMatch(/missing|what b gives/);
  expect(shown.get(last?.id ?? "")).toEqual(["They ", "are ", "out."]);
  expect(values.usage).toMatchObject({ calls: 4 });
});

test("a mark that comes letter by letter is never shown, whatever it is called", async () => {
  const { shown, values, last } = await run([
    planReply([{ id: "a", echo: { value: "the page says <missing>" } }]),
    { text: "<missing_2>what b gives</missing_2>", cuts: /./gs, pace: async () => {} },
    planReply([say("b")]),
    { text: "They are out." },
  ]);
  expect(values).toMatchObject({ status: "done", response: "They are out.", replans: 1 });
  const all = [...shown.values()].map((pieces) => pieces.join("")).join("\n");
  expect(all).not.toMatch(/missing_2|what b gives/);
  expect(shown.get(last?.id ?? "")).toEqual(["They ", "are ", "out."]);
});
