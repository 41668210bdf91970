import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { byId, echo, itemIn, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, reject, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";

const config = { configurable: { thread_id: "1" } };
const list = { id: "list", tool: "echo", args: { value: ["ann", "bob", "cid"] } };

test("items that have ended are not done again while others wait, round after round", async () => {
  const journal = createJournal();
  const { agent, model, eventsOf } = plannedAgent(
    [list, { id: "each", description: "charge {{item}} as often as needed", forEach: "{{list}}" }],
    {
      tools: [echo, journalTool(journal)],
      approval: { tools: { charge: true } },
      checkpointer: new MemorySaver(),
    },
    {
      agent: (messages) => {
        const who = String(itemIn(messages));
        const rounds = messages.filter((message) => message.getType() === "tool").length;
        const wanted = { ann: 0, bob: 1, cid: 2 }[who] ?? 0;
        return rounds < wanted ? [{ name: "charge", args: { who: `${who}${rounds}` } }] : `${who} is done`;
      },
    },
  );
  const first = requestOf(await agent.invoke({ input: "go" }, config));
  expect(first.actionRequests.map(({ stepId }) => stepId)).toEqual(["each[1]", "each[2]"]);
  const second = requestOf(await agent.invoke(decide(approve, approve), config));
  expect(second.actionRequests.map(({ stepId, args }) => [stepId, args.who])).toEqual([["each[2]", "cid1"]]);
  const { pastSteps, usage } = await agent.invoke(decide(reject("enough")), config);
  expect(byId(pastSteps).each).toMatchObject({
    status: "done",
    output: ["ann is done", "bob is done", "cid is done"],
  });
  expect(journal.entries).toEqual(["bob0", "cid0"]);
  expect(model.count("agent")).toBe(6);
  expect(usage.byStep).toMatchObject({
    "each[0]": { calls: 1 },
    "each[1]": { calls: 2 },
    "each[2]": { calls: 3 },
  });
  const started = eventsOf("step.started").map(({ stepId }) => stepId);
  expect(started).toEqual(["list", "each", "each[0]", "each[1]", "each[2]"]);
  const ended = eventsOf("step.ended").map(({ stepId }) => stepId);
  expect(ended).toEqual(["list", "each[0]", "each[1]", "each[2]", "each"]);
});

test("a description function that throws never keeps an action from waiting, and never ends the run", async () => {
  const journal = createJournal();
  const description = () => {
    throw new Error("no words");
  };
  const { agent } = plannedAgent([{ id: "1", tool: "charge", args: { who: "ann" } }], {
    tools: [journalTool(journal)],
    approval: { tools: { charge: { description } } },
    checkpointer: new MemorySaver(),
    replanner: { maxReplans: 0 },
  });
  const output = await agent.invoke({ input: "go" }, config);
  expect(journal.entries).toEqual([]);
  expect(requestOf(output).actionRequests).toHaveLength(1);
});
