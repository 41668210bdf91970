import { isBaseMessage } from "@langchain/core/messages";
import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import { stateSchema } from "../../../src/state/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import { planCall, type ScriptByRole, scriptedByRole } from "../../support/scripted-model.js";

const steps = [
  { id: "1", description: "secret-task: charge ann", dependsOn: [] },
  { id: "2", description: "secret-call", tool: "charge", dependsOn: [] },
];
const script: ScriptByRole = {
  planner: planCall(steps),
  agent: (messages) =>
    messages.at(-1)?.getType() === "tool"
      ? "secret words of the agent"
      : [{ name: "charge", args: { who: "secret-ann" } }],
  call: [{ name: "charge", args: { who: "secret-bob" } }],
  replanner: "the open answer",
};
const modes = ["values", "messages", "custom", "updates"] as const;

async function collect(stream: AsyncIterable<unknown>): Promise<{ mode: string; chunk: unknown }[]> {
  const chunks: { mode: string; chunk: unknown }[] = [];
  for await (const part of stream) {
    if (!Array.isArray(part)) {
      throw new TypeError("a part of several modes is a list");
    }
    const [mode, chunk] = part.slice(-2);
    chunks.push({ mode, chunk });
  }
  return chunks;
}

function texts(value: unknown): string[] {
  if (isBaseMessage(value)) {
    return [value.text, JSON.stringify(value.additional_kwargs)];
  }
  if (Array.isArray(value)) {
    return value.flatMap(texts);
  }
  return [];
}

/** Every message that a stream shows, in whatever mode: as a chunk, in a state, or in an update. */
function messageTexts(chunks: readonly { mode: string; chunk: unknown }[]): string {
  const found = chunks.flatMap(({ mode, chunk }) => {
    if (mode === "messages") {
      return texts(chunk);
    }
    if (mode === "custom" || typeof chunk !== "object" || chunk === null) {
      return [];
    }
    const holders = mode === "values" ? [chunk] : Object.values(chunk);
    return holders.flatMap((holder) =>
      typeof holder === "object" && holder !== null && "messages" in holder ? texts(holder.messages) : [],
    );
  });
  return found.join("\n");
}

test.each([false, true])(
  "nothing of what goes on inside steps reaches the streams of messages, values or updates (subgraphs: %s)",
  async (subgraphs) => {
    const agent = createPlanExecuteAgent({
      model: scriptedByRole(script),
      tools: [journalTool(createJournal())],
    });
    const chunks = await collect(await agent.stream({ input: "go" }, { streamMode: [...modes], subgraphs }));
    const shown = messageTexts(chunks);
    expect(shown).toContain("the open answer");
    expect(shown).toContain("secret-task: charge ann");
    expect(shown.replaceAll("secret-task", "").replaceAll(/\d\. ~*secret-call/g, "")).not.toContain("secret");
    const conversations = chunks
      .filter(({ mode }) => mode === "values")
      .map(({ chunk }) => stateSchema.shape.messages.parse(Reflect.get(Object(chunk), "messages")).length);
    expect(conversations).toEqual([...conversations].sort((left, right) => left - right));
    const updates = chunks
      .filter(({ mode }) => mode === "updates")
      .flatMap(({ chunk }) => Object.keys(Object(chunk)));
    expect(new Set(updates)).toEqual(new Set(["planner", "step:1", "step:2", "executor", "replanner"]));
  },
);

test("nothing of it reaches the streams of an outer graph that the agent is a node of", async () => {
  const agent = createPlanExecuteAgent({
    model: scriptedByRole(script),
    tools: [journalTool(createJournal())],
  });
  const outer = new StateGraph(stateSchema).addNode("inner", agent).addEdge(START, "inner").compile();
  const stream = await outer.stream({ input: "go" }, { streamMode: [...modes], subgraphs: true });
  const shown = messageTexts(await collect(stream));
  expect(shown).toContain("the open answer");
  expect(shown.replaceAll("secret-task", "").replaceAll(/\d\. ~*secret-call/g, "")).not.toContain("secret");
});

test("the tokens of an agent step come as events with the step's id, on the custom stream too", async () => {
  const { agent, eventsOf } = plannedAgent(steps, { tools: [journalTool(createJournal())] }, script);
  const chunks = await collect(await agent.stream({ input: "go" }, { streamMode: ["custom", "values"] }));
  const tokens = eventsOf("step.token");
  expect(tokens.map(({ token }) => token).join("")).toBe("secret words of the agent");
  expect(new Set(tokens.map(({ stepId }) => stepId))).toEqual(new Set(["1"]));
  const custom = chunks.filter(({ mode }) => mode === "custom").map(({ chunk }) => chunk);
  expect(custom.filter((event) => Reflect.get(Object(event), "type") === "step.token")).toEqual(tokens);
});

test("streaming changes nothing of what is counted", async () => {
  const run = async (stream: boolean) => {
    const { agent } = plannedAgent(
      steps,
      { tools: [journalTool(createJournal())], checkpointer: new MemorySaver() },
      script,
    );
    const config = { configurable: { thread_id: "1" } };
    if (stream) {
      await collect(await agent.stream({ input: "go" }, { ...config, streamMode: ["messages", "values"] }));
    } else {
      await agent.invoke({ input: "go" }, config);
    }
    return (await agent.getState(config)).values.usage;
  };
  const streamed = await run(true);
  expect(streamed).toEqual(await run(false));
  expect(streamed.byRole.executor.calls).toBe(3);
  expect(streamed.inputTokens).toBe(50);
  expect(streamed.byStep).toMatchObject({ 1: { calls: 2 }, 2: { calls: 1 } });
});

test("a listener that throws or rejects never hurts the run", async () => {
  const model = scriptedByRole(script);
  for (const onEvent of [
    () => {
      throw new Error("listener");
    },
    () => Promise.reject(new Error("listener")),
  ]) {
    const agent = createPlanExecuteAgent({ model, tools: [journalTool(createJournal())], onEvent });
    expect((await agent.invoke({ input: "go" })).status).toBe("done");
  }
});

test("of what the planner streams only words are shown as messages: its plan comes as one in words", async () => {
  const { agent } = plannedAgent(steps.slice(0, 1), {}, script);
  const shown: { id: string | undefined; text: string }[] = [];
  for await (const [message] of await agent.stream({ input: "go" }, { streamMode: "messages" })) {
    shown.push({ id: message.id, text: message.text });
  }
  expect(shown.filter(({ text }) => text === "")).toEqual([]);
  const plan = shown.find(({ text }) => text !== "go");
  expect(plan?.text).toMatch(/^\*\*Plan\*\*/);
  const answer = shown.filter(({ id, text }) => id !== plan?.id && text !== "go");
  expect(answer.map(({ text }) => text).join("")).toContain("the open answer");
});
