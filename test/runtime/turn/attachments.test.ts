// Pictures and files in a goal, as chat clients and Studio send them: content blocks in a message.
import { HumanMessage, type MessageContent } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { type LoggedCall, planCall } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const picture = { type: "image_url", image_url: { url: `data:image/png;base64,${"A".repeat(400_000)}` } };
const words = (text: string) => ({ type: "text", text });
const said = (...content: Exclude<MessageContent, string>) => ({ messages: [new HumanMessage({ content })] });

/** The types of the blocks in the last message of a call. */
function shownIn(call: LoggedCall | undefined): string[] {
  const content = call?.messages.at(-1)?.content ?? "";
  return typeof content === "string" ? ["text"] : content.map(({ type }) => type);
}

function setUp(steps: readonly object[] = [], options: object = {}) {
  return plannedAgent(
    steps,
    { tools: [echo], checkpointer: new MemorySaver(), ...options },
    {
      planner: steps.length === 0 ? "A cat." : planCall(steps),
      agent: "a cat",
      call: [{ name: "echo", args: { value: "cat" } }],
      answer: "A cat.",
    },
  );
}

test("a picture reaches the planner in the same turn, and stands in the state once", async () => {
  const { agent, model } = setUp();
  const run = await agent.invoke(said(words("What is this?"), picture), thread);
  expect(run.response).toBe("A cat.");
  expect(shownIn(model.calls[0])).toEqual(["text", "image_url"]);
  expect(model.calls[0]?.prompt).toContain("<goal>\nWhat is this?\n</goal>");
  const { values } = await agent.getState(thread);
  expect(JSON.stringify(values).match(/data:image/g)).toHaveLength(1);
});

test("a picture alone is a goal", async () => {
  const { agent, model } = setUp();
  const run = await agent.invoke(said(picture), thread);
  expect(run).toMatchObject({ status: "done", response: "A cat." });
  expect(model.calls[0]?.prompt).toContain("<goal>\nSee what is attached.\n</goal>");
  expect(run.messages).toHaveLength(2);
});

test("a step in words sees it if its description says so, and no other does", async () => {
  const { agent, model } = setUp([
    { id: "a", description: "Describe the attached picture" },
    { id: "b", description: "Think about it" },
    { id: "c", tool: "echo", description: "Say what the attachment shows", dependsOn: ["b"] },
  ]);
  await agent.invoke(said(words("What is this?"), picture), thread);
  const steps = model.calls.filter(({ role }) => role === "agent" || role === "call");
  expect(steps.map(shownIn)).toEqual([["text", "image_url"], ["text"], ["text", "image_url"]]);
});

test("is seen in the conversation of the next turn, and pushes nothing out of it", async () => {
  const { agent, model } = setUp();
  await agent.invoke(said(words("My name is Ann.")), thread);
  await agent.invoke(said(words("What is this?"), picture), thread);
  await agent.invoke({ input: "And what was my name?" }, thread);
  const last = model.calls.at(-1);
  expect(last?.prompt).toContain("My name is Ann.");
  expect(last?.messages.filter(({ content }) => typeof content !== "string").length).toBeGreaterThan(0);
  expect(shownIn(last)).toEqual(["text"]);
});

test("counts as a picture against the limits, and not by its letters", async () => {
  const { agent } = setUp([], { limits: { maxTokens: 5_000 } });
  expect((await agent.invoke(said(words("What is this?"), picture), thread)).status).toBe("done");
});

test("a model that takes no images says so at the call, and goes on without them later", async () => {
  const { agent, model } = setUp();
  Object.defineProperty(model, "profile", { value: { imageInputs: false } });
  const run = await agent.invoke(said(words("What is this?"), picture), thread);
  expect(run.status).toBe("failed");
  expect(run.outcome?.reason).toContain("takes no images: choose a model that does, or leave the image out");
  expect((await agent.invoke({ input: "hello" }, thread)).response).toBe("A cat.");
  expect(model.calls.at(-1)?.prompt).toContain("[an image]");
});

test("more than the state can carry is refused before anything is called", async () => {
  const { agent, model } = setUp();
  const huge = { type: "file", data: "A".repeat(20_000_001), mimeType: "application/pdf" };
  await expect(agent.invoke(said(words("Read this"), huge), thread)).rejects.toMatchObject({
    code: "GOAL_TOO_LONG",
  });
  expect(model.calls).toEqual([]);
});
