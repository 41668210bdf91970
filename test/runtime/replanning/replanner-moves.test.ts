import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Progress } from "../../../src/policy/index.js";
import { echo, plannedAgent } from "../../support/agent-run.js";
import { createDeferred, createJournal } from "../../support/deferred.js";
import { planCall } from "../../support/scripted-model.js";

const say = (id: string, value: unknown = id, fields: object = {}) => ({
  id,
  tool: "echo",
  args: { value },
  dependsOn: [],
  ...fields,
});
const chain = [say("a"), say("b", "{{a}}b"), say("c", "{{b}}c")];

test("a healthy plan costs two model calls: the plan, and the answer", async () => {
  const { agent, model } = plannedAgent(chain, { tools: [echo] });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({
    status: "done",
    response: "the answer",
    outcome: { reason: "All steps are done." },
  });
  expect(model.calls.map(({ role }) => role)).toEqual(["planner", "answer"]);
  expect(run.usage).toMatchObject({ calls: 2, inputTokens: 20, outputTokens: 10 });
  expect(run.usage.byRole).toMatchObject({
    planner: { calls: 1 },
    replanner: { calls: 0 },
    executor: { calls: 0 },
    answer: { calls: 1 },
  });
});

test("a plan that names the step that is its answer costs one", async () => {
  const { agent, model } = plannedAgent([], { tools: [echo] }, { planner: planCall(chain, "c") });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "abc" });
  expect(model.count()).toBe(1);
});

test("an answer step that is no text is written out as JSON, one that gave nothing is answered by a model", async () => {
  const list = plannedAgent([], { tools: [echo] }, { planner: planCall([say("a", [1, { b: 2 }])], "a") });
  expect((await list.agent.invoke({ input: "go" })).response).toBe('[\n  1,\n  {\n    "b": 2\n  }\n]');
  const nothing = plannedAgent([], { tools: [echo] }, { planner: planCall([say("a", "")], "a") });
  expect((await nothing.agent.invoke({ input: "go" })).response).toBe("the answer");
});

test("a plan that has words for its answer costs one call, with the outputs in their places", async () => {
  const steps = [say("a", "Ben"), say("b", 4), say("c", { total: 7 })];
  const planner = planCall(steps, "{{a}} has {{b}} of {{c.total}}; \\{{ stays.");
  const { agent, model } = plannedAgent([], { tools: [echo] }, { planner });
  expect(await agent.invoke({ input: "go" })).toMatchObject({
    status: "done",
    response: "Ben has 4 of 7; {{ stays.",
  });
  expect(model.count()).toBe(1);
});

test.each([
  ["a step that gave nothing", [say("a", "")], "It is {{a}}."],
  ["a step that gave a list", [say("a", [1, 2])], "They are {{a}}."],
  ["a part that is not there", [say("a", { b: 1 })], "It is {{a.c}}."],
  ["a step that was skipped", [say("n", false), say("a", "x", { if: "{{n}}" })], "It is {{a}}."],
])("the words of a plan are not used with %s: a model writes the answer", async (_, steps, words) => {
  const { agent, model } = plannedAgent([], { tools: [echo] }, { planner: planCall(steps, words) });
  expect((await agent.invoke({ input: "go" })).response).toBe("the answer");
  expect(model.count()).toBe(2);
});

test("words with a step that is none are sent back to the model", async () => {
  const planner = planCall([say("a")], "It is {{z}}.");
  const { agent, eventsOf } = plannedAgent([], { tools: [echo] }, { planner });
  await agent.invoke({ input: "go" });
  expect(eventsOf("plan.invalid")[0]?.issues.join()).toContain('The answer refers to "{{z}}"');
});

test("a new plan's words take the place of the first one's, and may name what was done before", async () => {
  const broken = { id: "b", tool: "fail", args: {}, dependsOn: [] };
  const fail = tool(
    () => {
      throw new TypeError("it is gone");
    },
    { name: "fail", description: "Fails.", schema: z.object({}) },
  );
  const { agent, model } = plannedAgent(
    [],
    { tools: [echo, fail] },
    {
      planner: planCall([say("a", 1), broken], "{{a}} and {{b}}"),
      replanner: planCall([say("c", 2)], "{{a}} and, from elsewhere, {{c}}"),
    },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "1 and, from elsewhere, 2" });
  expect(model.calls.map(({ role }) => role)).toEqual(["planner", "replanner"]);
});

test("the answer may come by the respond tool, and an empty one is sent back", async () => {
  const answers = [{}, { answer: " " }, { answer: "It is out." }];
  const replanner = () => [{ name: "respond", args: answers.shift() ?? {} }];
  const script = { answer: "<missing>more</missing>", replanner };
  const { agent, model, eventsOf } = plannedAgent([say("a")], { tools: [echo] }, script);
  expect(await agent.invoke({ input: "go" })).toMatchObject({ status: "done", response: "It is out." });
  expect(model.count("replanner")).toBe(3);
  expect(eventsOf("plan.invalid").map(({ issues }) => issues.join())).toEqual([
    expect.stringContaining("has no answer in it"),
    expect.stringContaining("has no answer in it"),
  ]);
});

test("an answer model of its own answers, and counts as such", async () => {
  const own = plannedAgent([], {}, { answer: "in other words" }).model;
  const { agent, model } = plannedAgent([say("a")], {
    tools: [echo],
    answer: { model: own, instructions: "In verse." },
  });
  const run = await agent.invoke({ input: "go" });
  expect(run.response).toBe("in other words");
  expect(model.count("replanner")).toBe(0);
  expect(own.calls[0]?.messages[0]?.text).toContain("In verse.");
  expect(run.usage.byRole).toMatchObject({ answer: { calls: 1 }, replanner: { calls: 0 } });
});

test("the replanner's and the answer's instructions hold for whoever may write the answer", async () => {
  const { agent, model } = plannedAgent(
    [say("a")],
    { tools: [echo], replanner: { instructions: "Be kind." }, answer: { instructions: "In verse." } },
    { answer: "<missing>more</missing>" },
  );
  await agent.invoke({ input: "go" });
  const promptOf = (role: string) => model.calls.find((call) => call.role === role)?.prompt ?? "";
  expect(promptOf("answer")).toContain("Be kind.\n\nIn verse.");
  expect(promptOf("replanner")).toContain("Be kind.\n\nFor the final answer: In verse.");
});

test("after every step: the replanner is asked between steps, and the same remainder goes on", async () => {
  const replanner = (_: unknown, __: unknown, call: number) =>
    call === 2 ? planCall(chain.slice(1)) : call === 3 ? planCall(chain.slice(2)) : "the end";
  const { agent, model, eventsOf } = plannedAgent(
    chain,
    { tools: [echo], replanner: { when: "every-step" } },
    { replanner },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "the end" });
  expect([model.count("replanner"), model.count("answer")]).toEqual([2, 1]);
  expect(eventsOf("plan.generated")).toHaveLength(1);
  expect(run.pastSteps.map(({ output }) => output)).toEqual(["a", "ab", "abc"]);
});

test("after every step: an answer before the plan's end is done, and says what was left", async () => {
  const { agent } = plannedAgent(chain, { tools: [echo], replanner: { when: "every-step" } });
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "the answer" });
  expect(run.outcome?.reason).toBe("The goal was reached before the plan's end: 2 steps were left.");
  expect(run.outcome?.left.map(({ id }) => id)).toEqual(["b", "c"]);
});

test("after every step: a changed remainder counts as a replan, and at maxReplans the plan goes on as it is", async () => {
  let count = 0;
  const replanner = () => (count++ === 0 ? planCall([say("x", "new"), say("y", "{{x}}!")]) : "the end");
  const { agent, model, eventsOf } = plannedAgent(
    chain,
    { tools: [echo], replanner: { when: "every-step", maxReplans: 1 } },
    { replanner },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run.plan.map(({ id }) => id)).toEqual(["a", "x", "y"]);
  expect(run.response).toBe("the end");
  expect([model.count("replanner"), model.count("answer")]).toEqual([1, 1]);
  expect(eventsOf("plan.generated").map(({ version }) => version)).toEqual([1, 2]);
});

test("a function is asked each time a step settles; when it says yes nothing new starts and what runs drains", async () => {
  const journal = createJournal();
  const gate = createDeferred();
  const seen: Progress[] = [];
  const work = tool(
    async ({ name }) => {
      journal.add(`start ${name}`);
      if (name === "quick") {
        await journal.seen("start slow");
      }
      if (name === "slow") {
        await gate.promise;
      }
      journal.add(`end ${name}`);
      return name;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const step = (id: string, dependsOn: string[] = []) => ({
    id,
    tool: "work",
    args: { name: id },
    dependsOn,
  });
  const { agent, model } = plannedAgent(
    [step("quick"), step("slow"), step("next", ["quick"])],
    {
      tools: [work],
      replanner: {
        when: (progress) => {
          seen.push(progress);
          return progress.pastSteps.some(({ id }) => id === "quick");
        },
      },
    },
    { replanner: "the end" },
  );
  const running = agent.invoke({ input: "go" });
  await journal.seen("end quick");
  gate.resolve();
  const run = await running;
  expect(journal.entries).toEqual(["start quick", "start slow", "end quick", "end slow"]);
  expect(seen[0]?.pastSteps.map(({ id }) => id)).toEqual(["quick"]);
  expect(seen[0]?.remaining.map(({ id }) => id)).toEqual(["slow", "next"]);
  expect(run.outcome?.left.map(({ id }) => id)).toEqual(["next"]);
  expect(model.count("replanner")).toBe(1);
});

test("a policy that throws has the replanner asked, and says so", async () => {
  const { agent, model, eventsOf } = plannedAgent(
    [
      { id: "a", tool: "echo", args: { value: 1 } },
      { id: "b", tool: "echo", args: { value: 2 }, dependsOn: ["a"] },
    ],
    {
      tools: [echo],
      replanner: {
        when: () => {
          throw new Error("no such field");
        },
      },
    },
  );
  const run = await agent.invoke({ input: "go" });
  expect(run).toMatchObject({ status: "done", response: "the answer" });
  expect(model.count("replanner")).toBe(1);
  expect(eventsOf("policy.failed")).toMatchObject([{ policy: "replanner.when", error: "no such field" }]);
});
