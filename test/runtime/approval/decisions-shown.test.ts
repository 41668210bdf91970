import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import type { Script } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who }, dependsOn: [] });

function setUp(steps: readonly unknown[], approval: object) {
  const journal = createJournal();
  const planned = plannedAgent(
    steps,
    { tools: [journalTool(journal)], approval, checkpointer: new MemorySaver() },
    {
      call: [{ name: "charge", args: { who: "bob" } }],
      agent: ((messages) =>
        messages.at(-1)?.getType() === "tool"
          ? "done"
          : [{ name: "charge", args: { who: "eve" } }]) satisfies Script,
    },
  );
  const seen = () => {
    const { prompt = "" } =
      planned.model.calls.findLast(({ role }) => role === "replanner" || role === "answer") ?? {};
    const lines =
      /<decisions_of_people>\n(.*?)\n<\/decisions_of_people>/s.exec(prompt)?.[1]?.split("\n") ?? [];
    return lines.map((line): unknown => JSON.parse(line));
  };
  return { ...planned, journal, seen };
}

test("the replanner sees each call that a person edited or rejected, of every kind of step, and none that was approved", async () => {
  const { agent, journal, seen } = setUp(
    [
      charge("direct", "ann"),
      { id: "call", description: "charge bob", tool: "charge", dependsOn: [] },
      { id: "agent", description: "charge eve", dependsOn: [] },
      charge("refused", "cid"),
      charge("plain", "dan"),
    ],
    { tools: { charge: true } },
  );
  await agent.invoke({ input: "go" }, config);
  const call = (who: string) => ({ tool: "charge", args: { who } });
  await agent.invoke(
    decide(
      edit("charge", { who: "ANN" }),
      edit("charge", { who: "BOB" }),
      edit("charge", { who: "EVE" }),
      reject("not cid"),
      approve,
    ),
    config,
  );
  expect([...journal.entries].sort()).toEqual(["ANN", "BOB", "EVE", "dan"]);
  expect(seen()).toEqual([
    { step: "direct", decision: "edit", shown: call("ann"), instead: call("ANN") },
    { step: "call", decision: "edit", shown: call("bob"), instead: call("BOB") },
    { step: "agent", decision: "edit", shown: call("eve"), instead: call("EVE") },
    { step: "refused", decision: "reject", shown: call("cid"), message: "not cid" },
  ]);
});

test("whoever closes sees what a person made of a plan", async () => {
  const { agent, seen } = setUp([charge("1", "ann"), charge("2", "bob")], { plan: true });
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(
    answer({ type: "edit", steps: [{ ...charge("2", "bob"), description: "only bob" }] }),
    config,
  );
  expect(seen()).toMatchObject([
    {
      decision: "edit",
      shown: [charge("1", "ann"), charge("2", "bob")],
      instead: [{ description: "only bob" }],
    },
  ]);
});

test("what everybody approved is nothing to see", async () => {
  const { agent, seen } = setUp([charge("1", "ann")], { tools: { charge: true } });
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(answer(true), config);
  expect(seen()).toEqual([]);
});
