import { AIMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { createPlanExecuteAgent } from "../../../src/agent/index.js";
import type { AgentEvent } from "../../../src/events/index.js";
import { isPlanMessage } from "../../../src/runtime/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, scriptedByRole } from "../../support/scripted-model.js";

const steps = [{ id: "1", tool: "echo", args: { value: "kept" } }];

/** The answers that the events told, piece by piece, each by the id of its message. */
function told(events: readonly AgentEvent[]): string[] {
  const texts = new Map<string | undefined, string>();
  for (const event of events) {
    if (event.type === "answer.token") {
      texts.set(event.messageId, (texts.get(event.messageId) ?? "") + event.token);
    }
  }
  return [...texts.values()];
}

test("the closing answer is told piece by piece, before the run is complete", async () => {
  const answer = "It is kept, as you wished.";
  const { agent, events, eventsOf } = plannedAgent(steps, { tools: [echo] }, { answer });
  const { response, messages } = await agent.invoke({ input: "go" });
  expect(response).toBe(answer);
  expect(told(events)).toEqual([answer]);
  expect(eventsOf("answer.token").length).toBeGreaterThan(1);
  expect(events.at(-1)?.type).toBe("agent.completed");
  expect(eventsOf("answer.token")[0]?.messageId).toBe(messages.at(-1)?.id);
});

test("an answer without a plan is told too", async () => {
  const { agent, events } = plannedAgent([], {}, { planner: "Good morning to you." });
  await agent.invoke({ input: "hello" });
  expect(told(events)).toEqual(["Good morning to you."]);
});

test("that the goal is not reached is told to nobody", async () => {
  const answers = ["<missing>the other half</missing>", "Now it is whole."];
  const { agent, events } = plannedAgent(
    steps,
    { tools: [echo] },
    { answer: () => answers.shift() ?? "", replanner: planCall([{ tool: "echo", args: { value: "more" } }]) },
  );
  await agent.invoke({ input: "go" });
  expect(told(events)).toEqual(["Now it is whole."]);
});

test("words before a plan are taken back by the plan", async () => {
  const call = { name: "plan", args: { steps, answer: "1" }, id: "a", type: "tool_call" } as const;
  const planner = new AIMessage({ content: "Let me see.", tool_calls: [call] });
  const { agent, events } = plannedAgent([], { tools: [echo] }, { planner });
  await agent.invoke({ input: "go" });
  const kinds = events.map(({ type }) => type);
  expect(kinds.lastIndexOf("answer.token")).toBeLessThan(kinds.indexOf("plan.generated"));
});

test("in the stream of messages and in the conversation the plan can be told from the answer", async () => {
  const agent = createPlanExecuteAgent({
    model: scriptedByRole({ planner: planCall(steps), answer: "It is **Plan** B." }),
    tools: [echo],
  });
  const plans = new Set<string>();
  const others = new Map<string, string>();
  const stream = await agent.stream({ input: "go" }, { streamMode: "messages" });
  for await (const [message] of stream) {
    if (message.getType() !== "ai") {
      continue;
    }
    if (isPlanMessage(message)) {
      plans.add(message.text.split("\n")[0] ?? "");
    } else {
      others.set(message.id ?? "", (others.get(message.id ?? "") ?? "") + message.text);
    }
  }
  expect([...plans]).toEqual(["**Plan**"]);
  expect([...others.values()].join("")).toContain("It is **Plan** B.");
  const { messages } = await agent.invoke({ input: "go" });
  const kinds = messages.map((message) => isPlanMessage(JSON.parse(JSON.stringify(message.toDict().data))));
  expect(kinds).toEqual([false, true, false]);
});
