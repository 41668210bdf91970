import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { createNoting } from "../frozen/noting-tools.js";
import { chargingAgent, plannedAgent } from "../support/agent-run.js";
import { approve, decide } from "../support/approval.js";
import { expectWhole, type NotedCall } from "../support/whole-events.js";

const thread = { configurable: { thread_id: "1" } };
const segmentsOf = (events: readonly { readonly segment: number }[]) => [
  ...new Set(events.map(({ segment }) => segment)),
];

test("a run that is cut off again and again in the same superstep has a segment for each try", async () => {
  const calls: NotedCall[] = [];
  let tries = 0;
  let controller = new AbortController();
  const work = createNoting((call) => void calls.push(call))("work", z.object({}), () => {
    tries += 1;
    if (tries < 4) {
      controller.abort(new Error("gone"));
      return new Promise(() => {});
    }
    return "done";
  });
  const { agent, events } = plannedAgent([{ id: "a", tool: "work", args: {} }], {
    tools: [work],
    checkpointer: new MemorySaver(),
  });
  for (const input of [{ input: "go" }, null, null]) {
    controller = new AbortController();
    await expect(agent.invoke(input, { ...thread, signal: controller.signal })).rejects.toThrow("gone");
  }
  expect((await agent.invoke(null, thread)).status).toBe("done");
  expect(segmentsOf(events)).toEqual([1, 2, 3, 4]);
  expectWhole(events, calls);
});

test("a run that is cut off while it plans goes on in the second segment of the same turn", async () => {
  const controller = new AbortController();
  const { agent, events } = plannedAgent(
    [],
    { checkpointer: new MemorySaver() },
    {
      planner: (messages) => {
        if (messages.at(-1)?.text.includes("second") && !controller.signal.aborted) {
          controller.abort(new Error("gone"));
        }
        return "an answer";
      },
    },
  );
  await agent.invoke({ input: "first" }, thread);
  await expect(agent.invoke({ input: "second" }, { ...thread, signal: controller.signal })).rejects.toThrow(
    "gone",
  );
  await agent.invoke(null, thread);
  const turns = [...new Set(events.map(({ turnId }) => turnId))];
  const ofTurns = turns.map((turnId) => events.filter((event) => event.turnId === turnId));
  expect(ofTurns.map(segmentsOf)).toEqual([[1], [1, 2]]);
  expectWhole(events, []);
});

test("words while something waits are no segment of the turn that waits", async () => {
  const { agent, events } = chargingAgent(
    [{ id: "pay", tool: "charge", args: { who: "ann" } }],
    {},
    {
      planner: (messages) =>
        messages.at(-1)?.text.includes("hello")
          ? "it waits for you"
          : [{ name: "plan", args: { steps: [{ id: "pay", tool: "charge", args: { who: "ann" } }] } }],
    },
  );
  await agent.invoke({ input: "go" }, thread);
  await agent.invoke({ input: "hello" }, thread);
  await agent.invoke(decide(approve), thread);
  const turns = new Map(
    events.map(({ turnId }) => [turnId, events.filter((event) => event.turnId === turnId)]),
  );
  expect([...turns.values()].map(segmentsOf)).toEqual([[1, 2], [1]]);
});
