import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import type { PlanExecuteOptions } from "../../../src/agent/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { planCall, type ScriptedAnswer } from "../../support/scripted-model.js";

const broken = tool(
  ({ what }) => {
    throw new Error(`no ${what}`);
  },
  { name: "broken", description: "never works", schema: z.object({ what: z.string() }) },
);
const say = (id: string, value: unknown = id) => ({ id, tool: "echo", args: { value }, dependsOn: [] });
const fail = (id: string, what = "network") => ({ id, tool: "broken", args: { what }, dependsOn: [] });

/** A run whose step “f” fails, “s” stands behind it and “a” is healthy; the replanner answers in turn. */
function troubled(answers: readonly ScriptedAnswer[], options: Omit<PlanExecuteOptions, "model"> = {}) {
  const left = [...answers];
  return plannedAgent(
    [say("a"), fail("f"), say("s", "{{f}}")],
    { tools: [echo, broken], ...options },
    { replanner: () => left.shift() ?? new TypeError("The script is over.") },
  );
}

test("trouble asks the replanner once for all, and what is healthy is done first", async () => {
  const { agent, model, eventsOf } = troubled([planCall([say("g", "{{a}}!")], "g")]);
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "a!", outcome: { failed: [], left: [] } });
  expect(model.count("replanner")).toBe(1);
  expect(eventsOf("replanning")).toMatchObject([
    { reason: 'step f ended failed: The tool "broken" failed: no network', steps: ["f"] },
  ]);
  expect(run.plan.map(({ id }) => id)).toEqual(["a", "f", "g"]);
  expect(run.pastSteps.map(({ id, status }) => [id, status])).toEqual([
    ["a", "done"],
    ["f", "failed"],
    ["g", "done"],
  ]);
});

test("the replanner is told what failed and what is left behind it", async () => {
  const { agent, model } = troubled(["Sorry."]);
  await agent.invoke({ input: "go" });
  const prompt = model.calls.find(({ role }) => role === "replanner")?.prompt ?? "";
  expect(prompt).toContain("no network");
  expect(prompt).toContain('"id":"s"');
});

test("an answer in words to a failure is incomplete, with what failed and what was left", async () => {
  const run = await troubled(["Sorry, only a half."]).agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "incomplete", response: "Sorry, only a half." });
  expect(run.outcome?.reason).toContain("step f ended failed");
  expect(run.outcome?.failed.map(({ id }) => id)).toEqual(["f"]);
  expect(run.outcome?.left.map(({ id }) => id)).toEqual(["s"]);
});

test.each<[string, ScriptedAnswer]>([
  ["by a mark", "It is a all the same.\n<reached>yes</reached>"],
  ["by a field", [{ name: "respond", args: { answer: "It is a all the same.", reached: true } }]],
])("a failed step that did not matter ends done where the model says so %s", async (_, answer) => {
  const run = await troubled([answer]).agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "It is a all the same." });
  expect(run.outcome?.reason).toContain("The goal was reached all the same: step f ended failed");
  expect(run.outcome?.failed.map(({ id }) => id)).toEqual(["f"]);
});

test("an answer that says that the goal is not reached is incomplete, though nothing failed", async () => {
  const answer = [{ name: "respond", args: { answer: "There is no b.", reached: false } }];
  const { agent } = plannedAgent(
    [say("a"), say("b", "{{a}}")],
    { tools: [echo], replanner: { when: "every-step" } },
    { replanner: answer },
  );
  expect(await agent.invoke({ input: "go" })).toMatchObject({
    status: "incomplete",
    response: "There is no b.",
  });
});

test("a mark without words is no answer, and is sent back", async () => {
  const { agent, eventsOf } = troubled(["<reached>no</reached>", "Sorry."]);
  expect((await agent.invoke({ input: "go" })).response).toBe("Sorry.");
  expect(eventsOf("plan.invalid")).toHaveLength(1);
});

test("the id of a finished step is taken, and sent back", async () => {
  const { agent, eventsOf } = troubled([planCall([say("a", "new"), say("g", "new")]), "Sorry."]);
  await agent.invoke({ input: "go" });
  const issues = eventsOf("plan.invalid")[0]?.issues.join("\n") ?? "";
  expect(issues).toContain('"a": the id belongs to a step that has already ended (done)');
});

test("a step that is done already is left out, and its output is used", async () => {
  const { agent, eventsOf } = troubled([planCall([say("again", "a"), say("g", "{{again}}!")], "g")]);
  const run = await agent.invoke({ input: "go" });
  expect(run.response).toBe("a!");
  expect(run.pastSteps.map(({ id }) => id)).not.toContain("again");
  expect(eventsOf("plan.invalid")).toEqual([]);
});

test("a plan of nothing but steps that are done already is sent back", async () => {
  const { agent, eventsOf } = troubled([planCall([say("again", "a")]), planCall([say("g", "{{a}}!")], "g")]);
  expect((await agent.invoke({ input: "go" })).response).toBe("a!");
  expect(eventsOf("plan.invalid")[0]?.issues.join()).toContain('does again what step "a" has done');
});

test("the id of a step that never ran is free, and the plan shows it as open again", async () => {
  const { agent } = troubled([planCall([say("s", "second way")], "s")]);
  const texts: string[] = [];
  for await (const update of await agent.stream({ input: "go" }, { streamMode: "updates" })) {
    const messages: unknown = update.replanner?.messages;
    texts.push(...(Array.isArray(messages) ? messages.map(({ text }) => String(text)) : []));
  }
  const revised = texts.find((text) => text.startsWith("**Plan**")) ?? "";
  expect(
    revised
      .split("\n")
      .slice(2)
      .map((line) => [line.includes("~~"), line.includes("**failed**"), line.includes("not done")]),
  ).toEqual([
    [true, false, false],
    [false, true, false],
    [false, false, false],
  ]);
});

test("a failed step may be split, and what named it follows the last part", async () => {
  const parts = [
    say("f1", "one"),
    { ...say("f2", "{{f1}} two"), dependsOn: ["f1"] },
    say("s", "{{f}} three"),
  ];
  const { agent } = troubled([planCall(parts, "s")]);
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "one two three" });
});

test("a call that failed is not made again, under whatever id: it is sent back", async () => {
  const same = planCall([fail("other")]);
  const { agent, eventsOf } = troubled([same, same, same]);
  const run = await agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  const told = 'Step "other" would do again what step "f" failed at. The tool "broken" failed: no network';
  expect(eventsOf("plan.invalid")[0]?.issues).toEqual([told]);
  expect(run.outcome?.reason).toBe(`the replanner gave no valid plan: ${told}`);
  expect(run.outcome?.failed.map(({ id }) => id)).toEqual(["f"]);
});

test("whoever is told that a call failed may plan another one", async () => {
  const { agent } = troubled([planCall([fail("other")]), planCall([say("g", "another way")], "g")]);
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "another way" });
});

test("a call that failed before an earlier change is not made again either", async () => {
  const again = planCall([fail("h", "network")]);
  const run = await troubled([planCall([fail("g", "power")]), again, again, again]).agent.invoke({
    input: "go",
  });
  expect(run.outcome?.reason).toContain('Step "h" would do again what step "f" failed at');
  expect(run.outcome?.failed.map(({ id }) => id)).toEqual(["g"]);
});

test("with maxReplans 0 no model is asked, and the run ends incomplete with what was achieved", async () => {
  const { agent, model } = troubled([], { replanner: { maxReplans: 0 } });
  const run = await agent.invoke({ input: "go" });
  expect(model.count()).toBe(1);
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("replanning is off (maxReplans is 0)");
  expect(run.response).toMatch(/Done:\n- .*: a\n\nNot right:\n- .*no network\n\nLeft:\n- /);
});

test("when the changes are used up the run ends incomplete", async () => {
  const answers = [planCall([fail("g", "power")]), planCall([fail("h", "light")])];
  const run = await troubled(answers, { replanner: { maxReplans: 2 } }).agent.invoke({ input: "go" });
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toBe(
    'step h ended failed (The tool "broken" failed: no light); the plan was changed 2 times, which is maxReplans',
  );
});

test("a plan in place of the closing answer is refused where no changes are left", async () => {
  const { agent } = plannedAgent(
    [say("a")],
    { tools: [echo], replanner: { maxReplans: 0 } },
    { replanner: planCall([say("b")]) },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "incomplete" });
  expect(run.response).toContain("a");
});

test("a revision that stays invalid ends the run incomplete, with the issues", async () => {
  const invalid = planCall([{ id: "x", tool: "nothing", args: {} }]);
  const { agent, eventsOf } = troubled([invalid, invalid, invalid]);
  const run = await agent.invoke({ input: "go" });
  expect(eventsOf("plan.invalid")).toHaveLength(3);
  expect(run.status).toBe("incomplete");
  expect(run.outcome?.reason).toContain("the replanner gave no valid plan");
  expect(run.pastSteps.find(({ id }) => id === "a")?.output).toBe("a");
});

test("a replanner that fails ends the run as failed, with what was done kept", async () => {
  const run = await troubled([Object.assign(new Error("bad key"), { status: 401 })]).agent.invoke({
    input: "go",
  });
  expect(run.status).toBe("failed");
  expect(run.outcome?.reason).toContain("The replanner's model scripted failed: bad key");
  expect(run.response).toContain("Done:");
  expect(run.outcome?.failed.map(({ id }) => id)).toEqual(["f"]);
});

test("a new remainder that says nothing of its order does not stand behind the step whose failure it answers", async () => {
  const post = tool(({ what }) => `posted ${what}`, {
    name: "post",
    description: "changes the world",
    schema: z.object({ what: z.string() }),
  });
  const steps = [
    { id: "p", tool: "post", args: { what: "one" } },
    { id: "q", tool: "post", args: { what: "two" } },
  ];
  const { agent } = troubled([planCall(steps, "q")], { tools: [echo, broken, post] });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "posted two" });
});
