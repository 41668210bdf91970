// A person rejects a call and says what to do instead: that is done, once they approve it, and nothing that they rejected.
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, reject, requestOf } from "../../support/approval.js";
import { planCall, type Script, type ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const words = "charge 90 percent";
const rule =
  "A rejected call is not made again as it was. Where their words say what to do instead, do that; otherwise do without it.";
const charge = (id: string, amount: number) => ({ id, tool: "charge", args: { amount } });
const chargeCall = (amount: number) => [{ name: "charge", args: { amount } }];

function setUp(steps: readonly unknown[], script: ScriptByRole) {
  const charged: number[] = [];
  const chargeTool = tool(
    ({ amount }) => {
      charged.push(amount);
      return `charged ${amount}`;
    },
    { name: "charge", description: "charges a card", schema: z.object({ amount: z.number() }) },
  );
  const options = {
    tools: [chargeTool],
    approval: { tools: { charge: true } },
    checkpointer: new MemorySaver(),
  };
  return { ...plannedAgent(steps, options, script), charged };
}

test("a rejected step is followed by the one that the words ask for, which waits, and runs once approved", async () => {
  const { agent, model, charged } = setUp([charge("1", 100)], {
    replanner: planCall([charge("2", 90)], "2"),
  });
  await agent.invoke({ input: "charge 100" }, config);
  const asked = await agent.invoke(decide(reject(words)), config);
  expect(requestOf(asked).actionRequests).toMatchObject([{ stepId: "2", args: { amount: 90 } }]);
  expect(charged).toEqual([]);
  const run = await agent.invoke(decide(approve), config);
  expect(run).toMatchObject({ status: "done", response: "charged 90" });
  expect(charged).toEqual([90]);
  const prompt = model.calls.find(({ role }) => role === "replanner")?.prompt ?? "";
  expect(prompt).toContain(rule);
  expect(prompt).toContain(words);
  expect(prompt).not.toContain("not to be done in another way");
});

test("the call that was rejected is not planned again, whatever its step is called", async () => {
  const { agent, charged } = setUp([charge("1", 100)], { replanner: planCall([charge("2", 100)]) });
  await agent.invoke({ input: "charge 100" }, config);
  const run = await agent.invoke(decide(reject(words)), config);
  expect(isWaiting(run)).toBe(false);
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain('Step "2" would do again what step "1" failed at');
  expect(charged).toEqual([]);
});

const chargesInTurn =
  (...amounts: readonly number[]): Script =>
  (messages) => {
    const amount = amounts[messages.filter((message) => message.getType() === "tool").length];
    return amount === undefined ? (messages.at(-1)?.text ?? "") : chargeCall(amount);
  };
const inWords = [{ id: "1", description: "charge the customer" }];

test("an agent hears the words, and the call that it makes instead waits, and runs once approved", async () => {
  const { agent, model, charged } = setUp(inWords, { agent: chargesInTurn(100, 90) });
  await agent.invoke({ input: "charge 100" }, config);
  const asked = await agent.invoke(decide(reject(words)), config);
  expect(requestOf(asked).actionRequests).toMatchObject([{ stepId: "1", args: { amount: 90 } }]);
  expect(model.calls.findLast(({ role }) => role === "agent")?.messages.at(-1)?.text).toBe(
    `A person rejected this call: ${words}\n${rule}`,
  );
  const run = await agent.invoke(decide(approve), config);
  expect(run.pastSteps).toMatchObject([{ id: "1", status: "done", output: "charged 90" }]);
  expect(charged).toEqual([90]);
});

test("an agent that makes the rejected call again waits again", async () => {
  const { agent, charged } = setUp(inWords, { agent: chargesInTurn(100, 100) });
  await agent.invoke({ input: "charge 100" }, config);
  const asked = await agent.invoke(decide(reject(words)), config);
  expect(requestOf(asked).actionRequests).toMatchObject([{ args: { amount: 100 } }]);
  await agent.invoke(decide(reject()), config);
  expect(charged).toEqual([]);
});
