import { expect, test } from "vitest";
import type { JsonValue } from "../../../src/base/index.js";
import { byId, echo, journalTool, plannedAgent } from "../../support/agent-run.js";
import { createJournal } from "../../support/deferred.js";
import { readSection } from "../../support/read-section.js";
import { planCall, type ScriptByRole } from "../../support/scripted-model.js";

const say = (id: string, value: JsonValue, extra: object = {}) => ({
  id,
  tool: "echo",
  args: { value },
  ...extra,
});

/** A plan that charges ann only if the condition holds of what step 1 gives, and how that went. */
async function chargeIf(condition: string, first: object, script: ScriptByRole = {}) {
  const journal = createJournal();
  const charge = { id: "2", tool: "charge", args: { who: "ann" }, if: condition };
  const { agent, model } = plannedAgent([first, charge], { tools: [journalTool(journal), echo] }, script);
  const { pastSteps, status } = await agent.invoke({ input: "go" });
  return { charged: journal.entries, step: byId(pastSteps)["2"], status, model };
}

test("a step whose condition is false is skipped, and the steps after it run", async () => {
  const values: JsonValue[] = [
    false,
    "",
    " ",
    [],
    {},
    null,
    0,
    "no",
    "No.",
    { rows: [], count: 0 },
    true,
    1,
    [0],
    "Yes",
    "true",
  ];
  const steps = values.flatMap((value, index) => [
    say(`c${index}`, value),
    say(`s${index}`, "ran", { if: `{{c${index}}}` }),
    say(`d${index}`, `{{s${index}}}`, { dependsOn: [`s${index}`] }),
  ]);
  const { agent } = plannedAgent(steps, { tools: [echo] });
  const { pastSteps, status } = await agent.invoke({ input: "go" });
  const results = byId(pastSteps);
  const isSkipped = (index: number) => index < 10;
  expect(values.map((_, index) => results[`s${index}`]?.status)).toEqual(
    values.map((_, index) => (isSkipped(index) ? "skipped" : "done")),
  );
  expect(values.map((_, index) => results[`d${index}`]?.output)).toEqual(
    values.map((_, index) => (isSkipped(index) ? null : "ran")),
  );
  expect(results.s0?.error).toBeUndefined();
  expect(status).toBe("done");
});

test.each(["No", "False", "no."])("an agent that answers %j lets nothing happen", async (answer) => {
  const { charged, step, status } = await chargeIf(
    "{{1}}",
    { id: "1", description: "ask" },
    { agent: answer },
  );
  expect(charged).toEqual([]);
  expect(step).toMatchObject({ id: "2", status: "skipped" });
  expect(status).toBe("done");
});

test("a condition that got prose lets nothing happen, and the replanner is told what it got and what would do", async () => {
  const { charged, step, model } = await chargeIf(
    "{{1}}",
    { id: "1", description: "are widgets short?" },
    { agent: "No, the stock of widgets is 42." },
  );
  expect(charged).toEqual([]);
  expect(step).toMatchObject({ status: "unexpected", attempts: 0, error: { code: "UNEXPECTED_OUTPUT" } });
  expect(step?.error?.message).toContain(
    '{{1}}, which is "No, the stock of widgets is 42.", is neither true nor',
  );
  const [replanned] = model.calls.filter(({ role }) => role === "replanner");
  expect(replanned?.prompt).toContain("a comparison such as {{1}} == 'open'");
});

test.each([
  ["{{1.rows.0.stock}} < 10", { rows: [{ stock: 4 }] }, ["ann"]],
  ["{{1.rows.0.stock}} < 10", { rows: [{ stock: "42" }] }, []],
  ["!{{1}}", false, ["ann"]],
  ["!{{1}}", { rows: [{}], count: 1 }, []],
  ['{{1}} == "open"', "open", ["ann"]],
  ['{{1}} == "open"', "open' || true || '", []],
])("a call that is made if %s, of %j, charges %j", async (condition, output, expected) => {
  const { charged, status } = await chargeIf(condition, say("1", output));
  expect(charged).toEqual(expected);
  expect(status).toBe("done");
});

test("a condition that is none goes back to the planner before anything runs", async () => {
  const wrong = [say("1", 4), { id: "2", tool: "charge", args: { who: "ann" }, if: "the stock is low" }];
  const right = [say("1", 4), { id: "2", tool: "charge", args: { who: "ann" }, if: "{{1}} < 10" }];
  const { charged, model } = await chargeIf("{{1}}", say("1", 4), {
    planner: (_messages, _tools, count) => planCall(count === 1 ? wrong : right),
  });
  expect(charged).toEqual(["ann"]);
  expect(model.calls.filter(({ role }) => role === "planner")[1]?.prompt).toContain(
    `"if" must be a condition, such as "{{1.found}}", "!{{1}}" or "{{1.count}} > 0 && {{2}} == 'open'". The condition ` +
      '"the stock is low" cannot be read: "the" cannot stand where it does.',
  );
});

test("a condition that names a value that is not there fails its step", async () => {
  const { charged, step } = await chargeIf("{{1.c}} < 3", say("1", { b: 1 }));
  expect(charged).toEqual([]);
  expect(step).toMatchObject({ status: "failed", error: { code: "REFERENCE_FAILED" } });
});

test.each([
  ["{{1}}", "Answer true or false, alone."],
  ["!{{1}} && {{0}} < 3", "Answer true or false, alone."],
  ["{{1}} == 'open'", "Answer what this condition can judge: {{1}} == 'open'"],
  [
    "{{1.stock}} < 3",
    "Answer with JSON alone: {stock}\nAnswer what this condition can judge: {{1.stock}} < 3",
  ],
  ["{{0}}", undefined],
])("an agent whose output the condition %s needs is told: %j", async (condition, told) => {
  const agentStep = { id: "1", description: "look", expect: "short" };
  const { agent, model } = plannedAgent(
    [say("0", 1), agentStep, say("2", 1, { if: condition, dependsOn: ["1"] })],
    { tools: [echo] },
    { agent: '{"stock":1}' },
  );
  await agent.invoke({ input: "go" });
  const prompt = model.calls.find(({ role }) => role === "agent")?.prompt ?? "";
  expect(readSection("expected", prompt)).toBe(told === undefined ? "short" : `short\n${told}`);
});

test.each([
  [{ forEach: "{{1}}", args: { value: "{{item}}" } }, "Answer with JSON alone, a list: [...]"],
  [
    { forEach: "{{1}}", args: { value: "{{item.name}} has {{item.left}}" } },
    "Answer with JSON alone, a list: [{name, left}]",
  ],
  [{ forEach: "{{1.rows}}", args: { value: "{{item}}" } }, "Answer with JSON alone: {rows: [...]}"],
  [{ args: { value: "{{1.name}}" } }, "Answer with JSON alone: {name}"],
  [{ args: { value: "{{1}}" } }, undefined],
])("an agent whose output is read by %j is told of what it is to be made", async (reader, told) => {
  const { agent, model } = plannedAgent(
    [
      { id: "1", description: "look" },
      { ...say("2", 1), ...reader },
    ],
    { tools: [echo] },
    { agent: "{}" },
  );
  await agent.invoke({ input: "go" });
  const prompt = model.calls.find(({ role }) => role === "agent")?.prompt ?? "";
  expect(readSection("expected", prompt)).toBe(told);
});

test("an agent for each item is told what the condition on an item needs, and not what one on the list does", async () => {
  const each = { id: "1", description: "is {{item}} open?", forEach: "{{0}}" };
  const { agent, model } = plannedAgent(
    [
      say("0", ["a", "b"]),
      each,
      say("2", "{{item}}", { forEach: "{{1}}", if: "{{item}}" }),
      say("3", "some", { if: "{{1}}" }),
    ],
    { tools: [echo] },
    { agent: (messages) => (messages.some(({ text }) => text.includes('"output":"a"')) ? "Yes." : "No.") },
  );
  const results = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(results["2"]?.output).toEqual(["Yes.", null]);
  expect(results["3"]?.output).toBe("some");
  const prompts = model.calls.filter(({ role }) => role === "agent").map(({ prompt }) => prompt);
  expect(prompts.map((prompt) => readSection("expected", prompt))).toEqual([
    "Answer true or false, alone.",
    "Answer true or false, alone.",
  ]);
});

test("an item whose condition got prose is unexpected, and says which item", async () => {
  const steps = [say("0", ["yes", "perhaps"]), say("1", "{{item}}", { forEach: "{{0}}", if: "{{item}}" })];
  const { agent } = plannedAgent(steps, { tools: [echo], replanner: { maxReplans: 0 } });
  const { pastSteps } = await agent.invoke({ input: "go" });
  const { error } = byId(pastSteps)["1"] ?? {};
  expect(error?.code).toBe("ITEMS_FAILED");
  expect(error?.message).toContain('1[1] ended unexpected (The condition "{{item}}" cannot be judged');
});
