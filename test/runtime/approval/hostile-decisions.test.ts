import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import type { ApprovalTools } from "../../../src/policy/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import {
  answer,
  approve,
  decide,
  edit,
  isWaiting,
  requestOf,
  withoutRefusal,
} from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };

function setUp(tools: ApprovalTools = { charge: true }) {
  const journal = createJournal();
  const send = tool((args) => journal.add(`send ${JSON.stringify(args)}`), {
    name: "send",
    description: "sends anything",
    schema: z.looseObject({ body: z.unknown() }),
  });
  const planned = plannedAgent(
    [
      { id: "0", tool: "send", args: { body: "first" }, dependsOn: [] },
      { id: "1", tool: "charge", args: { who: "ann" }, dependsOn: ["0"] },
    ],
    {
      tools: [journalTool(journal), journalTool(journal, "wire"), send],
      approval: { tools },
      checkpointer: new MemorySaver(),
      replanner: { maxReplans: 0 },
    },
  );
  const charged = () => journal.entries.filter((entry) => !entry.includes("first"));
  return { ...planned, charged };
}

function nested(depth: number): unknown {
  let value: unknown = "deep";
  for (let level = 0; level < depth; level++) {
    value = [value];
  }
  return value;
}

test.each([
  ["a decision on another action", { decisions: [{ ...approve, actionId: "plan:1" }] }, "plan:1"],
  ["more than anybody writes", { decisions: [edit("charge", { who: "x".repeat(300_000) })] }, "larger"],
  ["a thousand levels", { decisions: [edit("charge", { who: nested(1_000) })] }, "nested too deep"],
  ["a list without an end", { decisions: Array.from({ length: 200_000 }, () => approve) }, "larger"],
  ["a name without an end", { decisions: [approve], decidedBy: "x".repeat(201) }, "decidedBy"],
  ["a name that is none", { decisions: [approve], decidedBy: { admin: true } }, "decidedBy"],
  ["a type out of a prototype", { decisions: [{ type: "constructor" }] }, "decisions.0"],
  ["a tool out of a prototype", { decisions: [edit("toString", {})] }, 'no tool "toString"'],
  [
    "arguments that are a list",
    { decisions: [{ type: "edit", editedAction: { name: "charge", args: [] } }] },
    "args",
  ],
])("%s is refused, and the request still stands", async (_, value, message) => {
  const { agent, charged } = setUp();
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  const again = requestOf(await agent.invoke(answer(value), config));
  expect(again.error).toContain(message);
  expect(withoutRefusal(again)).toEqual(first);
  expect(charged()).toEqual([]);
  await agent.invoke(decide({ ...approve, actionId: first.actionRequests[0]?.actionId }), config);
  expect(charged()).toEqual(["ann"]);
});

test("a key that would reach into a prototype is not passed on", async () => {
  const { agent, charged } = setUp();
  await agent.invoke({ input: "go" }, config);
  const args: unknown = JSON.parse('{ "body": 1, "__proto__": { "admin": true } }');
  const call = { type: "edit", editedAction: { name: "send", args } };
  await agent.invoke(decide(call), config);
  expect(charged()).toEqual(['send {"body":1}']);
});

test("references in an edited call are text: what the person wrote is what runs", async () => {
  const { agent, charged } = setUp();
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(decide(edit("charge", { who: "{{0}}" })), config);
  expect(charged()).toEqual(["{{0}}"]);
});

test("an edit to another tool that waits itself is the person's own call, and is not asked for again", async () => {
  const { agent, charged } = setUp({ charge: true, wire: true });
  await agent.invoke({ input: "go" }, config);
  const output = await agent.invoke(decide(edit("wire", { who: "bob" })), config);
  expect(isWaiting(output)).toBe(false);
  expect(charged()).toEqual(["bob"]);
  expect(output.pastSteps[1]).toMatchObject({ tool: "wire", args: { who: "bob" } });
});

test("an edit to another tool whose own rule takes no edits is refused", async () => {
  const { agent, charged } = setUp({ charge: true, wire: { allowedDecisions: ["approve", "reject"] } });
  await agent.invoke({ input: "go" }, config);
  const { error } = requestOf(await agent.invoke(decide(edit("wire", { who: "bob" })), config));
  expect(error).toContain("cannot be edited to wire: its own rule allows approve, reject");
  expect(charged()).toEqual([]);
});

test("a hundred answers that are refused cost no model call, and leave one request", async () => {
  const { agent, charged, model, eventsOf } = setUp();
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  const calls = model.count();
  for (let count = 0; count < 100; count++) {
    await agent.invoke(answer({ decisions: [] }), config);
  }
  expect(model.count()).toBe(calls);
  expect(eventsOf("approval.asked")).toHaveLength(1);
  await agent.invoke(answer({ requestId: first.requestId, decisions: [approve] }), config);
  expect(charged()).toEqual(["ann"]);
});

test("a rule of an edited call that never answers does not hold a run that is aborted", async () => {
  const { agent, charged } = setUp({ charge: true, wire: { when: () => new Promise<boolean>(() => {}) } });
  await agent.invoke({ input: "go" }, config);
  const controller = new AbortController();
  const running = agent.invoke(decide(edit("wire", { who: "eve" })), {
    ...config,
    signal: controller.signal,
  });
  setImmediate(() => controller.abort(new Error("enough")));
  await expect(running).rejects.toThrow("enough");
  expect(charged()).toEqual([]);
  await agent.invoke(decide(approve), config);
  expect(charged()).toEqual(["ann"]);
});
