import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { approvalOf } from "../../../src/index.js";
import { journalTool, plannedAgent } from "../../support/agent-run.js";
import { answer, approve, edit, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who }, dependsOn: [] });

function setUp(approval: object = { tools: { charge: true } }) {
  const planned = plannedAgent([charge("1", "ann"), charge("2", "bob"), charge("3", "cid")], {
    tools: [journalTool(createJournal())],
    approval,
    checkpointer: new MemorySaver(),
    replanner: { maxReplans: 0 },
  });
  const decisions = async () => (await planned.agent.getState(config)).values.decisions;
  return { ...planned, decisions };
}

test("each decision is kept with what was shown, what was decided, who decided, when, and when it was asked for", async () => {
  const { agent, decisions, eventsOf } = setUp();
  const { requestId, actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
  const decided = [approve, edit("charge", { who: "BOB" }), reject("not cid")];
  await agent.invoke(answer({ decisions: decided, decidedBy: "dora" }), config);
  const facts = (index: number) => ({
    actionId: actionRequests[index]?.actionId,
    stepId: String(index + 1),
    shown: { tool: "charge", args: actionRequests[index]?.args },
  });
  const time = expect.stringMatching(ISO_TIME);
  const by = { by: "dora", askedAt: time, at: time, requestId };
  expect(await decisions()).toEqual([
    { ...facts(0), ...by, type: "approve", isSpent: true },
    { ...facts(1), ...by, type: "edit", tool: "charge", args: { who: "BOB" }, isSpent: true },
    { ...facts(2), ...by, type: "reject", message: "not cid" },
  ]);
  expect(eventsOf("approval.decided")).toMatchObject([
    {
      requestId,
      by: "dora",
      at: expect.stringMatching(ISO_TIME),
      decisions: [
        { ...facts(0), decision: "approve" },
        { ...facts(1), decision: "edit", tool: "charge", args: { who: "BOB" } },
        { ...facts(2), decision: "reject", message: "not cid" },
      ],
    },
  ]);
});

test.each([
  [{ langgraph_auth_user_id: "erin", langgraph_auth_user: { identity: "other" } }, "erin"],
  [{ langgraph_auth_user: { identity: "erin" } }, "erin"],
  [{ langgraph_auth_user_id: "", langgraph_auth_user: null }, "dora"],
])(
  "the user whom the server has authenticated comes before who the answer says it is from: %j",
  async (user, by) => {
    const { agent, decisions } = setUp();
    await agent.invoke({ input: "go" }, config);
    const resume = answer({ decisions: [approve, approve, approve], decidedBy: "dora" });
    await agent.invoke(resume, { configurable: { thread_id: "1", ...user } });
    expect((await decisions()).map((decision: { by?: string }) => decision.by)).toEqual([by, by, by]);
  },
);

test("where nobody says who decided, nobody is named", async () => {
  const { agent, decisions, eventsOf } = setUp();
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(answer([approve, approve, approve]), config);
  for (const decision of await decisions()) {
    expect(decision).not.toHaveProperty("by");
  }
  expect(eventsOf("approval.decided")[0]).not.toHaveProperty("by");
});

test("an edited plan is kept as an edit and as the approval of what was written", async () => {
  const { agent, decisions, eventsOf } = setUp({ plan: true });
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(
    answer({ ...edit("plan", { plan: "1. charge" }), steps: [charge("1", "eve")], decidedBy: "dora" }),
    config,
  );
  expect(await decisions()).toMatchObject([
    { type: "edit", actionId: "plan:1", by: "dora" },
    { type: "approve", actionId: "plan:2", by: "dora" },
  ]);
  expect(eventsOf("approval.decided")).toMatchObject([
    {
      by: "dora",
      decisions: [{ actionId: "plan:1", decision: "edit", steps: [{ id: "1", args: { who: "eve" } }] }],
    },
  ]);
});

test("a rejected plan is kept with the person's words, also after the plan was made again", async () => {
  const { agent, decisions } = setUp({ plan: true });
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(answer({ ...reject("not ann"), decidedBy: "dora" }), config);
  await agent.invoke(answer(true), config);
  expect(await decisions()).toMatchObject([
    { type: "reject", actionId: "plan:1", by: "dora", message: "not ann" },
    { type: "approve", actionId: "plan:2" },
  ]);
});

test("a tool is told who approved the very call that it is in, and nobody else can say it", async () => {
  const told: unknown[] = [];
  const charge = tool((_, config) => String(told.push(approvalOf(config))), {
    name: "charge",
    description: "charges somebody",
    schema: z.object({ who: z.string() }),
  });
  const { agent } = plannedAgent([{ id: "1", tool: "charge", args: { who: "ann" } }], {
    tools: [charge],
    approval: { tools: { charge: { when: (_, { userId }) => userId !== "erin" } } },
    checkpointer: new MemorySaver(),
  });
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(answer({ decisions: [approve], decidedBy: "dora" }), config);
  await agent.invoke({ input: "go" }, config);
  await agent.invoke(answer([edit("charge", { who: "bob" })]), config);
  const forged = { thread_id: "2", langgraph_auth_user_id: "erin", approval: { by: "dora" } };
  await agent.invoke({ input: "go" }, { configurable: forged });
  expect(told).toEqual([{ by: "dora" }, {}, undefined]);
});
