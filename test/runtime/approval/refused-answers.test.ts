import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, decide, edit, reject, requestOf, withoutRefusal } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who }, dependsOn: [] });

function setUp() {
  const journal = createJournal();
  const rule = { allowedDecisions: ["approve", "edit"] as const };
  const planned = plannedAgent([charge("1", "ann"), charge("2", "bob")], {
    tools: [journalTool(journal), echo],
    approval: { tools: { charge: rule } },
    checkpointer: new MemorySaver(),
  });
  return { ...planned, journal };
}

test.each([
  ["true, though two wait", true, "2 actions wait"],
  ["one decision for two", { decisions: [approve] }, "2 actions wait and 1 decisions came"],
  ["three decisions for two", { decisions: [approve, approve, approve] }, "3 decisions came"],
  ["an unknown type", { decisions: [approve, { type: "maybe" }] }, "decisions.1"],
  [
    "a decision that is not allowed",
    { decisions: [approve, reject("no")] },
    '"reject" is not allowed for charge',
  ],
  ["an answer to another request", { requestId: "other", decisions: [approve, approve] }, "request other"],
  ["an edit without a call", { decisions: [approve, { type: "edit" }] }, "needs editedAction"],
  [
    "an edit with arguments that the tool does not take",
    { decisions: [approve, edit("charge", { who: 3 })] },
    "who",
  ],
  ["an edit to a tool that is not there", { decisions: [approve, edit("refund", {})] }, 'no tool "refund"'],
  ["a number", 7, "cannot be read"],
  ["nothing that can be understood", { yes: true }, "cannot be read"],
])("%s is refused with the reason, and the request still stands", async (_, value, message) => {
  const { agent, journal, model, eventsOf } = setUp();
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  const again = requestOf(await agent.invoke(answer(value), config));
  expect(again.error).toContain(message);
  expect(withoutRefusal(again)).toEqual(first);
  expect(journal.entries).toEqual([]);
  const { status } = await agent.invoke(decide(approve, edit("charge", { who: "BOB" })), config);
  expect(status).toBe("done");
  expect(journal.entries).toEqual(["ann", "BOB"]);
  expect(model.count()).toBe(2);
  expect(eventsOf("approval.asked")).toHaveLength(1);
  expect(eventsOf("approval.decided")).toMatchObject([
    { requestId: first.requestId, decisions: [{ decision: "approve" }, { decision: "edit" }] },
  ]);
});

test("an answer with the request's own id is taken", async () => {
  const { agent, journal } = setUp();
  const { requestId } = requestOf(await agent.invoke({ input: "go" }, config));
  await agent.invoke(answer({ requestId, decisions: [approve, approve] }), config);
  expect(journal.entries).toEqual(["ann", "bob"]);
});

test("a new input while something waits expires the request, tells so, and leaks nothing into the new turn", async () => {
  const { agent, journal, eventsOf } = setUp();
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  const second = requestOf(await agent.invoke({ input: "something else" }, config));
  expect(eventsOf("approval.expired")).toMatchObject([{ requestId: first.requestId }]);
  expect(second.requestId).not.toBe(first.requestId);
  expect(second.actionRequests.map(({ actionId }) => actionId)).not.toEqual(
    first.actionRequests.map(({ actionId }) => actionId),
  );
  const refused = requestOf(
    await agent.invoke(answer({ requestId: first.requestId, decisions: [approve, approve] }), config),
  );
  expect(refused.error).toContain(first.requestId);
  expect(journal.entries).toEqual([]);
  const output = await agent.invoke(decide(approve, approve), config);
  expect(journal.entries).toEqual(["ann", "bob"]);
  expect(output.pastSteps).toHaveLength(2);
  const { values } = await agent.getState(config);
  expect(values).toMatchObject({ turn: { goal: "something else" }, request: null, suspended: [] });
  expect(values.decisions).toHaveLength(2);
});
