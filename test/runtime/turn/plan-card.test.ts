import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { withRecovery } from "../../../src/index.js";
import type { PlanCard } from "../../../src/state/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { approve, decide } from "../../support/approval.js";
import { planCall } from "../../support/scripted-model.js";

const thread = { configurable: { thread_id: "1" } };
const step = (id: string, value: unknown) => ({ id, tool: "echo", args: { value }, dependsOn: [] });

function setUp(options: object = {}, script: object = {}) {
  const planned = plannedAgent(
    [step("a", "one"), step("b", "{{a.none}}")],
    { tools: [echo], checkpointer: new MemorySaver(), showPlan: "card", ...options },
    { replanner: () => planCall([step("c", "two")]), ...script },
  );
  const cards = async (): Promise<PlanCard[]> => (await planned.agent.getState(thread)).values.ui;
  return { ...planned, cards };
}

test("the card says of each step how it ended, what it gave, and which version of the plan brought it", async () => {
  const { agent, cards } = setUp();
  const run = await agent.invoke({ input: "go" }, thread);
  const [card, ...others] = await cards();
  expect(others).toEqual([]);
  expect(card).toMatchObject({
    type: "ui",
    name: "plan",
    props: {
      threadId: "1",
      status: run.status,
      steps: [
        { id: "a", text: "echo one", state: "done", result: "one", version: 1, seconds: expect.any(Number) },
        { id: "b", state: "failed", reason: expect.stringContaining("stops at"), version: 1 },
        { id: "c", text: "echo two", state: "done", result: "two", version: 2 },
      ],
      versions: [
        { version: 1, by: "planner" },
        { version: 2, by: "replanner" },
      ],
      notes: [],
    },
  });
  // The message that the card belongs to is there, and says nothing beside it.
  const message = run.messages.find(({ id }) => id === card?.metadata.message_id);
  expect(message?.text).toBe("");
});

test("what waits is shown with its call, and then who decided", async () => {
  const { agent, cards } = setUp({ approval: { tools: { echo: true } } });
  await agent.invoke({ input: "go" }, thread);
  expect((await cards())[0]?.props).toMatchObject({
    status: "waiting",
    steps: [{ state: "waiting", call: 'echo {"value":"one"}' }, { state: "open" }],
    notes: ["Waits for you: Echo one (1 of 2)"],
  });
  await agent.invoke(decide(approve), { ...thread, context: { showPlan: "card" } });
  const [card] = await cards();
  expect(card?.props.steps[0]).toMatchObject({ state: "done", decided: ["Approved"] });
});

test("a plan that waits is shown with all that would run", async () => {
  const { agent, cards } = setUp({ approval: { plan: true } });
  await agent.invoke({ input: "go" }, thread);
  const [card] = await cards();
  expect(card?.props.notes).toEqual(["The plan waits for you."]);
  expect(card?.props.steps[0]?.call).toBe('[a] echo {"value":"one"} | dependsOn: []');
});

test("each turn has its card, and the state keeps the last twenty", async () => {
  const { agent, cards } = setUp();
  for (let turn = 0; turn < 22; turn += 1) {
    await agent.invoke({ input: `go ${turn}` }, thread);
  }
  const kept = await cards();
  expect(kept).toHaveLength(20);
  expect(new Set(kept.map(({ id }) => id)).size).toBe(20);
});

test("a change from outside, which no run makes, is shown on the card as well", async () => {
  const { agent, cards } = setUp({ approval: { tools: { echo: true } } });
  await agent.invoke({ input: "go" }, thread);
  await agent.updateState(thread, { steering: [{ type: "skip", stepId: "a" }] });
  const [card] = await cards();
  expect(card?.props).toMatchObject({ steps: [{ state: "skipped" }, { state: "open" }], notes: [] });
  const { values } = await agent.getState(thread);
  const messages = z.array(z.looseObject({ id: z.string(), content: z.string() })).parse(values.messages);
  expect(messages.find(({ id }) => id === card?.metadata.message_id)?.content).toBe("");
});

test("without the option there is no card, and the text stays", async () => {
  const { agent, cards } = setUp({ showPlan: undefined });
  const run = await agent.invoke({ input: "go" }, thread);
  expect(await cards()).toEqual([]);
  expect(run.messages[1]?.text).toMatch(/^\*\*Plan\*\*\n\n1\. ~~echo one~~\n2\. .* — \*\*failed\*\*/);
});

test("what was undone, and what could not be, is noted on the card", async () => {
  const book = (name: string, compensate: () => string) =>
    withRecovery(
      tool(() => "booked", { name, description: "books", schema: z.object({ what: z.string() }) }),
      { compensate },
    );
  const fly = book("fly", () => "cancelled");
  const lodge = book("lodge", () => {
    throw new Error("The hotel is shut.");
  });
  const { agent, cards } = setUp(
    { tools: [echo, fly, lodge], undo: "onFailure", replanner: { maxReplans: 0 } },
    {
      planner: planCall([
        { id: "f", tool: "fly", args: { what: "out" } },
        { id: "l", tool: "lodge", args: { what: "room" } },
        { id: "e", tool: "echo", args: { value: "{{f.none}}" }, dependsOn: ["l"] },
      ]),
    },
  );
  await agent.invoke({ input: "go" }, thread);
  const notes = (await cards())[0]?.props.notes.join("\n") ?? "";
  expect(notes).toMatch(/Undone:[\s\S]*fly \{"what":"out"\}/);
  expect(notes).toMatch(/still holds:[\s\S]*lodge \{"what":"room"\} \(.*The hotel is shut\.\)/);
});
