import { HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const say = (id: string, value = id) => ({ id, tool: "echo", args: { value } });

/** What a client sees of one turn in `messages` mode, by the message's id, and what the state keeps. */
async function watch(script: ScriptByRole, goals: readonly string[] = ["go"]) {
  const { agent, model } = plannedAgent(
    [say("a"), say("b")],
    { tools: [echo], checkpointer: new MemorySaver() },
    script,
  );
  const streamed = new Map<string, string[]>();
  for (const input of goals) {
    for await (const [message] of await agent.stream({ input }, { ...thread, streamMode: "messages" })) {
      const id = message.id ?? "without id";
      streamed.set(id, [...(streamed.get(id) ?? []), message.text].filter(Boolean));
    }
  }
  const { messages } = (await agent.getState(thread)).values;
  return {
    streamed,
    messages: messages.map(({ id, text }: { id?: string; text: string }) => ({ id, text })),
    model,
  };
}

test("a direct answer streams word by word, once, under the id of the final message", async () => {
  const { streamed, messages } = await watch({ planner: "No plan is needed." });
  const last = messages.at(-1);
  expect(streamed.get(last?.id ?? "")).toEqual(["No ", "plan ", "is ", "needed."]);
  expect([...streamed.values()].flat().join("").replace(/go$/, "")).toBe("No plan is needed.");
});

test("a message that turned out to be a plan comes back under its id as the plan", async () => {
  const { streamed, messages } = await watch({});
  const [, plan, answer, ...others] = messages;
  expect(others).toEqual([]);
  expect(plan?.text).toMatch(/^\*\*Plan\*\*\n\n1\. ~~.*~~\n2\. ~~.*~~$/);
  expect(streamed.has(plan?.id ?? "")).toBe(true);
  expect(streamed.get(answer?.id ?? "")).toEqual(["the ", "answer"]);
});

test("every message has an id, and no text is there twice", async () => {
  const { messages } = await watch({}, ["one", "two", "three"]);
  const ids = messages.map(({ id }: { id?: string }) => id);
  expect(ids.every(Boolean)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(messages.map(({ text }: { text: string }) => text.slice(0, 8))).toEqual(
    ["one", "two", "three"].flatMap((goal) => [goal, "**Plan**", "the answ"]),
  );
});

test("an answer that is a step's output is one message of its own", async () => {
  const { messages } = await watch({ planner: planCall([say("a", "out")], "a") });
  expect(messages.map(({ text }: { text: string }) => text.split("\n")[0])).toEqual([
    "go",
    "**Plan**",
    "out",
  ]);
});

test("a model that gives every message the same id loses none of them", async () => {
  const { messages } = await watch({ planner: planCall([say("a")]), replanner: "same" }, ["one", "two"]);
  expect(messages).toHaveLength(6);
});

test("steps are struck through as they end, in the one message of the plan", async () => {
  const { agent } = plannedAgent([say("a"), { id: "x", tool: "echo", args: { value: "{{a.none}}" } }], {
    tools: [echo],
    replanner: { maxReplans: 0 },
  });
  const run = await agent.invoke({ input: "go" });
  const plans = run.messages.filter(({ text }) => text.startsWith("**Plan**"));
  expect(plans).toHaveLength(1);
  expect(plans[0]?.text).toMatch(/\n1\. ~~.*~~\n2\. [^~]* — \*\*failed\*\*: .*stops at/);
});

test("of a long conversation the planner sees the newest messages alone", async () => {
  const { agent, model } = plannedAgent([], {}, { planner: "Hello." });
  const messages = ["first ".repeat(9_000), "second ".repeat(5_000), "third", "go"].map(
    (content, index) => new HumanMessage({ id: `${index}`, content }),
  );
  await agent.invoke({ messages });
  const prompt = model.calls[0]?.prompt ?? "";
  expect(["first", "second", "third", "go"].map((word) => prompt.includes(word))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
