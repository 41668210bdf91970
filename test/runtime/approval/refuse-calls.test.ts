import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import type { ApprovalRule } from "../../../src/policy/index.js";
import { byId, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, isWaiting, requestOf } from "../../support/approval.js";
import { createJournal } from "../../support/deferred.js";
import type { Script } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const charge = (id: string, who: string) => ({ id, tool: "charge", args: { who }, dependsOn: [] });
const notAnn: ApprovalRule["refuse"] = ({ who }) => (who === "ann" ? "ann has paid" : undefined);

const chargeOnce: Script = (messages) =>
  messages.at(-1)?.getType() === "tool"
    ? (messages.at(-1)?.text ?? "")
    : [{ name: "charge", args: { who: "ann" } }];

function setUp(steps: readonly unknown[], refuse: ApprovalRule["refuse"], script = {}) {
  const journal = createJournal();
  const planned = plannedAgent(
    steps,
    {
      tools: [journalTool(journal), echo],
      approval: { tools: { charge: { refuse } } },
      checkpointer: new MemorySaver(),
      replanner: { maxReplans: 0 },
    },
    script,
  );
  return { ...planned, journal };
}

describe("a call that its rule refuses", () => {
  test("is not made, and nobody is asked about it", async () => {
    const { agent, journal, eventsOf } = setUp([charge("a", "ann")], notAnn);
    const run = await agent.invoke({ input: "go" }, config);
    expect(isWaiting(run)).toBe(false);
    expect(run.pastSteps).toMatchObject([
      {
        status: "failed",
        error: { code: "REFUSED", message: "The call of charge was refused: ann has paid" },
      },
    ]);
    expect(journal.entries).toEqual([]);
    expect(eventsOf("approval.asked")).toEqual([]);
  });

  test("does not keep others, or other items, from being asked for", async () => {
    const steps = [
      charge("a", "ann"),
      charge("b", "bob"),
      { id: "list", tool: "echo", args: { value: ["ann", "cid"] }, dependsOn: [] },
      { id: "each", tool: "charge", args: { who: "{{item}}" }, forEach: "{{list}}", dependsOn: ["list"] },
    ];
    const { agent, journal } = setUp(steps, notAnn);
    const waiting = await agent.invoke({ input: "go" }, config);
    expect(requestOf(waiting).actionRequests.map(({ stepId }) => stepId)).toEqual(["b", "each[1]"]);
    const run = await agent.invoke(decide(approve, approve), config);
    expect(journal.entries.toSorted()).toEqual(["bob", "cid"]);
    expect(byId(run.pastSteps).each?.error?.message).toContain(
      "each[0] ended failed (The call of charge was refused",
    );
  });

  test.each<[string, object, object]>([
    ["a direct step's", charge("a", "ann"), {}],
    ["a call step's", { id: "a", tool: "charge" }, { call: [{ name: "charge", args: { who: "ann" } }] }],
    ["an agent's", { id: "a", description: "charge" }, { agent: chargeOnce }],
  ])("is not made either where it would wait for nobody: %s", async (_, step, script) => {
    const journal = createJournal();
    const charges = [journalTool(journal), journalTool(journal, "look_up", { readOnly: true })];
    const rule = { when: () => false, refuse: notAnn };
    const look = { id: "look", tool: "look_up", args: { who: "ann" } };
    const { agent, events } = plannedAgent(
      [step, look],
      { tools: charges, approval: { tools: { charge: rule, look_up: rule } }, replanner: { maxReplans: 0 } },
      script,
    );
    await agent.invoke({ input: "go" });
    expect(journal.entries).toEqual([]);
    expect(JSON.stringify(events)).toContain("refused: ann has paid");
  });

  test("is not made where the rule cannot tell", async () => {
    const { agent, journal } = setUp([charge("a", "bob")], async () => {
      throw new Error("the bank is closed");
    });
    const run = await agent.invoke({ input: "go" }, config);
    expect(run.pastSteps[0]?.error?.message).toContain("could not be judged: the bank is closed");
    expect(journal.entries).toEqual([]);
  });

  test("of an agent's is told to its model, which may make another", async () => {
    const seen: string[] = [];
    const agentScript: Script = (messages) => {
      const last = messages.at(-1);
      if (last?.getType() !== "tool") {
        return [{ name: "charge", args: { who: "ann" } }];
      }
      seen.push(last.text);
      return seen.length === 1 ? [{ name: "charge", args: { who: "bob" } }] : "done";
    };
    const steps = [{ id: "agent", description: "charge somebody", dependsOn: [] }];
    const { agent, journal } = setUp(steps, notAnn, { agent: agentScript });
    const waiting = await agent.invoke({ input: "go" }, config);
    expect(requestOf(waiting).actionRequests.map(({ args }) => args.who)).toEqual(["bob"]);
    await agent.invoke(decide(approve), config);
    expect(seen).toEqual(["This call was refused: ann has paid", "charged bob"]);
    expect(journal.entries).toEqual(["bob"]);
  });

  test("knows the state, and is not judged again once a person has decided", async () => {
    const asked: unknown[] = [];
    const { agent, journal } = setUp([charge("a", "bob")], ({ who }, { state, signal }) => {
      asked.push([who, Reflect.get(Object(Reflect.get(Object(state), "turn")), "goal"), signal.aborted]);
      return undefined;
    });
    await agent.invoke({ input: "go" }, config);
    await agent.invoke(decide(edit("charge", { who: "ann" })), config);
    expect(asked).toEqual([["bob", "go", false]]);
    expect(journal.entries).toEqual(["ann"]);
  });
});
