import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";
import { createDeferred } from "../../support/deferred.js";

const thread = { configurable: { thread_id: "1" } };
const cardSchema = z.object({
  type: z.literal("ui"),
  props: z.object({
    steps: z.array(
      z.object({
        state: z.string(),
        items: z.object({ ended: z.number(), total: z.number() }).optional(),
        result: z.string().optional(),
      }),
    ),
  }),
});

/** A run with one step that has ended and a for-each step of which one item of three is held. */
function setUp(showPlan: "text" | "card") {
  const held = createDeferred();
  const look = tool(
    async ({ what }) => {
      if (what === "slow") {
        await held.promise;
      }
      return what;
    },
    {
      name: "look",
      description: "looks",
      schema: z.object({ what: z.string() }),
      metadata: { readOnly: true },
    },
  );
  const { agent } = plannedAgent(
    [
      { id: "a", tool: "look", args: { what: "quick" } },
      { id: "b", tool: "look", args: { what: "{{item}}" }, forEach: '["x", "slow", "y"]' },
    ],
    { tools: [look], checkpointer: new MemorySaver(), showPlan, planner: { actEarly: false } },
  );
  return { agent, held };
}

test("text in the stream of messages says how far the steps are, while one of them still runs", async () => {
  const { agent, held } = setUp("text");
  const texts: string[] = [];
  let removed = 0;
  for await (const [message] of await agent.stream({ input: "go" }, { ...thread, streamMode: "messages" })) {
    if (message.getType() === "remove") {
      removed += 1;
    } else if (message.text.includes("at work")) {
      texts.push(message.text);
      if (message.text.includes("~~look quick~~") && message.text.includes("2 of 3")) {
        held.resolve();
      }
    }
  }
  expect(texts.at(-1)).toBe(
    "**Plan**\n\n1. ~~look quick~~\n2. look the item, for each of x, slow and y — *at work, 2 of 3*",
  );
  // Clients append to a message that they know, so each text comes after a removal.
  expect(removed).toBe(texts.length);
});

test("cards in the custom stream say the same, with what came out", async () => {
  const { agent, held } = setUp("card");
  const cards: z.infer<typeof cardSchema>[] = [];
  for await (const event of await agent.stream({ input: "go" }, { ...thread, streamMode: "custom" })) {
    const { data } = cardSchema.safeParse(event);
    const [first, second] = data?.props.steps ?? [];
    if (data !== undefined && first?.state === "done" && second?.items?.ended === 2) {
      cards.push(data);
      held.resolve();
    }
  }
  expect(cards[0]?.props.steps).toEqual([
    { state: "done", result: "quick" },
    { state: "running", items: { ended: 2, total: 3 } },
  ]);
});

test("nothing is sent once the superstep is over, and a run that nobody watches ends all the same", async () => {
  const { agent, held } = setUp("text");
  held.resolve();
  const run = await agent.invoke({ input: "go" }, thread);
  expect(run.status).toBe("done");
  expect(run.messages.filter(({ text }) => text.includes("at work"))).toEqual([]);
});
