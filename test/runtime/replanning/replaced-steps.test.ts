// A new remainder may reuse the id of a step that is not done. The new step replaces it, and references mean the new one.
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { approve, decide, isWaiting, reject, requestOf } from "../../support/approval.js";
import { planCall, type ScriptByRole, type ScriptedAnswer } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const say = (id: string, value: unknown, fields: object = {}) => ({
  id,
  tool: "echo",
  args: { value },
  ...fields,
});
const send = (id: string, what: string, fields: object = {}) => ({
  id,
  tool: "send",
  args: { what },
  ...fields,
});

/** A run of these steps. Whatever is in `broken` cannot be sent. The replanner gives these answers in turn. */
function setUp(
  steps: readonly unknown[],
  answers: readonly ScriptedAnswer[],
  options: Omit<PlanExecuteOptions, "model"> = {},
  script: ScriptByRole = {},
) {
  const sent: string[] = [];
  const broken = new Set(["letter", "parcel"]);
  const sending = tool(
    ({ what }, { configurable }) => {
      sent.push(`${what} ${configurable?.idempotency_key}`);
      if (broken.has(what)) {
        throw new TypeError(`no ${what} today`);
      }
      return `sent ${what}`;
    },
    { name: "send", description: "sends", schema: z.object({ what: z.string() }) },
  );
  const left = [...answers];
  const replanner = () => left.shift() ?? new TypeError("The script is over.");
  const planned = plannedAgent(
    steps,
    { tools: [echo, sending], checkpointer: new MemorySaver(), ...options },
    { replanner, ...script },
  );
  return { ...planned, sent };
}

const plan = [say("1", "hello"), send("2", "letter"), say("3", "{{1}}, {{2}}")];

test("a step with a failed step's id takes its place: references and the answer mean the new one", async () => {
  const { agent, eventsOf } = setUp(plan, [
    planCall([send("2", "mail"), say("3", "{{1}}, {{2}}")], "{{3}}!"),
  ]);
  const run = await agent.invoke({ input: "go" }, config);
  expect(run).toMatchObject({
    status: "done",
    response: "hello, sent mail!",
    outcome: { failed: [], left: [] },
  });
  expect(eventsOf("plan.invalid")).toEqual([]);
  expect(run.plan.map(({ id, args }) => [id, args])).toEqual([
    ["1", { value: "hello" }],
    ["2", { what: "mail" }],
    ["3", { value: "{{1}}, {{2}}" }],
  ]);
  expect(run.pastSteps.map(({ id, status }) => [id, status])).toEqual([
    ["1", "done"],
    ["2", "done"],
    ["3", "done"],
  ]);
});

test("the versions of the plan keep what became of a step that was replaced", async () => {
  const { agent } = setUp(plan, [planCall([send("2", "mail")], "2")]);
  await agent.invoke({ input: "go" }, config);
  const { planVersions } = (await agent.getState(config)).values;
  expect(planVersions).toMatchObject([
    { version: 1, steps: [{ id: "1" }, { id: "2", args: { what: "letter" } }, { id: "3" }] },
    {
      version: 2,
      resolves: ["2"],
      steps: [{ id: "2", args: { what: "mail" } }],
      replaced: [{ id: "2", status: "failed", args: { what: "letter" }, error: { code: "TOOL_FAILED" } }],
    },
  ]);
  expect(planVersions[0]).not.toHaveProperty("replaced");
});

test("a new call under an old id is not taken for the old one: it has another idempotency key", async () => {
  const { agent, sent } = setUp(plan, [planCall([send("2", "mail")], "2")]);
  await agent.invoke({ input: "go" }, config);
  const keys = sent.map((one) => one.split(" ")[1]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(sent.at(-1)).toMatch(/^mail .+:2:send:\w+$/);
});

test("a replacement that fails too is trouble anew, and the replanner sees both failures", async () => {
  const { agent, model, eventsOf } = setUp(plan, [
    planCall([send("2", "parcel")], "2"),
    planCall([send("2", "mail")], "2"),
  ]);
  expect(await agent.invoke({ input: "go" }, config)).toMatchObject({
    status: "done",
    response: "sent mail",
  });
  expect(eventsOf("replanning").map(({ steps }) => steps)).toEqual([["2"], ["2"]]);
  const prompt = model.calls.findLast(({ role }) => role === "replanner")?.prompt ?? "";
  expect(prompt).toMatch(/no letter today.*"replaced":true/);
  expect(prompt).toContain("no parcel today");
});

test("what failed before it was replaced is still not done again", async () => {
  const letter = planCall([send("2", "letter")]);
  const { agent } = setUp(plan, [planCall([send("2", "parcel")]), letter, letter, letter]);
  const run = await agent.invoke({ input: "go" }, config);
  expect(run.outcome?.reason).toContain('Step "2" would do again what step "2" failed at');
});

test("a step that was replaced counts against limits.maxSteps, and so does the new one", async () => {
  const { agent, sent } = setUp(plan, [planCall([send("2", "mail")], "2")], { limits: { maxSteps: 2 } });
  const run = await agent.invoke({ input: "go" }, config);
  expect(run.outcome?.reason).toContain("has begun 2 of 2 steps");
  expect(sent.join()).not.toContain("mail");
});

test("a step that was skipped by its condition can be replaced, and a reference then waits for the new one", async () => {
  const { agent } = setUp(
    [say("1", []), say("2", "there is one", { if: "{{1}}" }), send("3", "letter")],
    [planCall([say("2", "there is none"), say("3", "{{2}}")], "3")],
  );
  expect(await agent.invoke({ input: "go" }, config)).toMatchObject({
    status: "done",
    response: "there is none",
  });
});

test("a blocked agent step is replaced by a call", async () => {
  const { agent } = setUp(
    [{ id: "1", description: "send it" }],
    [planCall([send("1", "mail")], "1")],
    {},
    { agent: [{ name: "blocked", args: { reason: "what?" } }] },
  );
  expect(await agent.invoke({ input: "go" }, config)).toMatchObject({
    status: "done",
    response: "sent mail",
  });
});

test("a rejected step can be replaced, and the rejected call is refused under its id whatever is said", async () => {
  const { agent, sent } = setUp(
    [send("1", "mail")],
    [planCall([send("1", "card")], "1"), planCall([send("1", "mail")], "1")],
    { approval: { tools: { send: true } }, replanner: { maxReplans: 1 } },
  );
  await agent.invoke({ input: "go" }, config);
  const asked = await agent.invoke(decide(reject("send a card")), config);
  expect(requestOf(asked).actionRequests).toMatchObject([{ stepId: "1", args: { what: "card" } }]);
  const run = await agent.invoke(decide(approve), config);
  expect(isWaiting(run)).toBe(false);
  expect(run).toMatchObject({ status: "done", response: "sent card" });
  expect(sent).toHaveLength(1);
});

test("the replanner is shown the answer that the plan had, and names its own", async () => {
  const { agent, model } = setUp(
    plan,
    [planCall([send("2", "mail")])],
    {},
    {
      planner: planCall(plan, "It is said: {{3}}."),
      answer: "All is sent.",
    },
  );
  expect(await agent.invoke({ input: "go" }, config)).toMatchObject({ response: "All is sent." });
  const prompt = model.calls.find(({ role }) => role === "replanner")?.prompt ?? "";
  expect(prompt).toContain('{"answer":"It is said: {{3}}."}');
});

test("a person who edits the new remainder may reuse the id of a failed step as well", async () => {
  const { agent, sent } = setUp(plan, [planCall([send("4", "card"), say("3", "{{4}}")], "3")], {
    approval: { plan: true },
  });
  await agent.invoke({ input: "go" }, config);
  const asked = await agent.invoke(decide(approve), config);
  expect(isWaiting(asked)).toBe(true);
  const edited = { type: "edit", steps: [send("2", "mail"), say("3", "{{2}}")] };
  const run = await agent.invoke(decide(edited), config);
  expect(run).toMatchObject({ status: "done", response: "sent mail" });
  expect(sent.at(-1)).toMatch(/^mail .+:2:send:\w+$/);
});
