import { tool } from "@langchain/core/tools";
import { expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, itemIn, plannedAgent } from "../../support/agent-run.js";
import { createDeferred, createJournal } from "../../support/deferred.js";

const list = (value: unknown) => ({ id: "list", tool: "echo", args: { value } });

test("a for-each step is done for each item, in order, with item and index filled in", async () => {
  const steps = [
    list(["a", { name: "b" }]),
    { id: "each", tool: "echo", args: { value: ["{{item}}", "{{index}}"] }, forEach: "{{list}}" },
    { id: "use", tool: "echo", args: { value: "{{each.1.0.name}}" } },
  ];
  const { agent, model, eventsOf } = plannedAgent(steps, { tools: [echo] });
  const results = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(results.each?.output).toEqual([
    ["a", 0],
    [{ name: "b" }, 1],
  ]);
  expect(results.use?.output).toBe("b");
  expect(Object.keys(results)).toEqual(["list", "each", "use"]);
  expect(model.count()).toBe(2);
  expect(eventsOf("step.started").map(({ stepId }) => stepId)).toEqual([
    "list",
    "each",
    "each[0]",
    "each[1]",
    "use",
  ]);
  expect(eventsOf("step.ended").map(({ stepId }) => stepId)).toEqual([
    "list",
    "each[0]",
    "each[1]",
    "each",
    "use",
  ]);
});

test("a for-each step over an empty list is done with an empty list", async () => {
  const steps = [list([]), { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}" }];
  const { agent } = plannedAgent(steps, { tools: [echo] });
  const { pastSteps, status } = await agent.invoke({ input: "go" });
  expect(byId(pastSteps).each).toMatchObject({ status: "done", output: [] });
  expect(status).toBe("done");
});

test.each([
  [{ a: 1 }, "an object"],
  ["text", 'text: "text"'],
  [null, "null"],
  [3, "the number 3"],
])("a for-each step over %j fails and says that it is no list", async (value, kind) => {
  const steps = [list(value), { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}" }];
  const { agent } = plannedAgent(steps, { tools: [echo], replanner: { maxReplans: 0 } });
  const { each } = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(each).toMatchObject({ status: "failed", error: { code: "NOT_A_LIST" } });
  expect(each?.error?.message).toContain(kind);
});

test("a for-each step goes through the list that an agent wrote", async () => {
  const steps = [
    { id: "list", description: "List the cities" },
    { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}" },
  ];
  for (const cities of ['```json\n{"cities": ["Hamburg", "Porto"]}\n```', "- Hamburg\n- Porto"]) {
    const { agent } = plannedAgent(steps, { tools: [echo] }, { agent: cities });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(byId(pastSteps).each).toMatchObject({ status: "done", output: ["Hamburg", "Porto"] });
  }
});

test("a for-each step goes through a list that stands in the plan, references in it filled in", async () => {
  const steps = [
    { id: "a", tool: "echo", args: { value: { "b c": "x" } } },
    { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: '["{{a.b c}}", 2, "\\\\{{item}}"]' },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo] });
  const { pastSteps } = await agent.invoke({ input: "go" });
  expect(byId(pastSteps).each).toMatchObject({ status: "done", output: ["x", 2, "{{item}}"] });
});

test("items count against the concurrency together with other steps", async () => {
  const journal = createJournal();
  const gate = createDeferred();
  let running = 0;
  let most = 0;
  const work = tool(
    async ({ name }) => {
      running += 1;
      most = Math.max(most, running);
      journal.add(`start ${name}`);
      if (running === 2) {
        journal.add("two run");
      }
      await gate.promise;
      running -= 1;
      return name;
    },
    {
      name: "work",
      description: "works",
      schema: z.object({ name: z.string() }),
      metadata: { readOnly: true },
    },
  );
  const steps = [
    list(["a", "b", "c", "d"]),
    { id: "each", tool: "work", args: { name: "{{item}}" }, forEach: "{{list}}" },
    { id: "other", tool: "work", args: { name: "other" }, dependsOn: ["list"] },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo, work], executor: { concurrency: 2 } });
  const run = agent.invoke({ input: "go" });
  await journal.seen("two run");
  gate.resolve();
  const results = byId((await run).pastSteps);
  expect(results.each?.output).toEqual(["a", "b", "c", "d"]);
  expect(most).toBe(2);
});

test("a failing item fails the step by name, and its siblings are done all the same", async () => {
  const journal = createJournal();
  const pick = tool(
    ({ name }) => {
      journal.add(name);
      if (name === "b") {
        throw new Error("b is broken");
      }
      return name;
    },
    { name: "pick", description: "picks", schema: z.object({ name: z.string() }) },
  );
  const steps = [
    list(["a", "b", "c"]),
    { id: "each", tool: "pick", args: { name: "{{item}}" }, forEach: "{{list}}" },
    { id: "after", tool: "echo", args: { value: "{{each}}" } },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo, pick], replanner: { maxReplans: 0 } });
  const { pastSteps, outcome } = await agent.invoke({ input: "go" });
  const { each, after } = byId(pastSteps);
  expect(each).toMatchObject({ status: "failed", error: { code: "ITEMS_FAILED" }, output: ["a", null, "c"] });
  expect(each?.error?.message).toMatch(/1 of 3 items.*each\[1\].*b is broken/);
  expect(journal.entries).toEqual(["a", "b", "c"]);
  expect(after).toMatchObject({ status: "skipped", error: { code: "DEPENDENCY_FAILED" } });
  expect(outcome?.left.map(({ id }) => id)).toEqual(["after"]);
});

test("an item fails alone where a reference into it leads nowhere", async () => {
  const steps = [
    list([{ n: 1 }, {}]),
    { id: "each", tool: "echo", args: { value: "{{item.n}}" }, forEach: "{{list}}" },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo], replanner: { maxReplans: 0 } });
  const { each } = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(each).toMatchObject({ status: "failed", output: [1, null] });
});

test("a condition on the item skips that item alone", async () => {
  const steps = [
    list([
      { on: true, n: 1 },
      { on: false, n: 2 },
      { on: "", n: 3 },
      { on: 1, n: 4 },
    ]),
    { id: "each", tool: "echo", args: { value: "{{item.n}}" }, forEach: "{{list}}", if: "{{item.on}}" },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo] });
  const { each } = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(each).toMatchObject({ status: "done", output: [1, null, null, 4] });
});

test("a condition on another step skips all items", async () => {
  const steps = [
    list([1]),
    { id: "no", tool: "echo", args: { value: false } },
    { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}", if: "{{no}}" },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo] });
  expect(byId((await agent.invoke({ input: "go" })).pastSteps).each?.status).toBe("skipped");
});

test("each item of a for-each of agent steps has a model call of its own, with its own item in view", async () => {
  const steps = [list(["ann", "bob"]), { id: "each", description: "greet {{item}}", forEach: "{{list}}" }];
  const { agent, model } = plannedAgent(
    steps,
    { tools: [echo] },
    { agent: (messages) => `hello ${itemIn(messages)}` },
  );
  const { pastSteps, usage } = await agent.invoke({ input: "go" });
  expect(byId(pastSteps).each).toMatchObject({ status: "done", output: ["hello ann", "hello bob"] });
  expect(model.count("agent")).toBe(2);
  const first = model.calls.find(({ role }) => role === "agent");
  expect(first?.prompt).toContain("greet (the item)");
  expect(Object.keys(usage.byStep)).toEqual(["each[0]", "each[1]"]);
});

test("each item of a for-each of call steps has its arguments made by a call of its own", async () => {
  const steps = [
    list(["ann", "bob"]),
    { id: "each", description: "echo {{item}}", tool: "echo", forEach: "{{list}}" },
  ];
  const { agent, model } = plannedAgent(
    steps,
    { tools: [echo] },
    {
      call: (messages) => [{ name: "echo", args: { value: itemIn(messages) } }],
    },
  );
  const { pastSteps } = await agent.invoke({ input: "go" });
  expect(byId(pastSteps).each?.output).toEqual(["ann", "bob"]);
  expect(model.count("call")).toBe(2);
});

test("all items together are kept within what the state keeps of one output", async () => {
  const blob = tool(() => "x".repeat(200_000), {
    name: "blob",
    description: "much",
    schema: z.object({ n: z.any() }),
  });
  const steps = [
    list(["a", "b", "c", "d"]),
    { id: "each", tool: "blob", args: { n: "{{item}}" }, forEach: "{{list}}" },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo, blob] });
  const { each } = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(each).toMatchObject({ status: "done", truncated: true });
  expect(JSON.stringify(each?.output).length).toBeLessThanOrEqual(256_000);
});

test("in sequential order items go one at a time", async () => {
  let running = 0;
  let most = 0;
  const work = tool(
    async ({ name }) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return name;
    },
    { name: "work", description: "works", schema: z.object({ name: z.string() }) },
  );
  const steps = [
    list(["a", "b", "c"]),
    { id: "each", tool: "work", args: { name: "{{item}}" }, forEach: "{{list}}" },
  ];
  const { agent } = plannedAgent(steps, { tools: [echo, work], executor: { order: "sequential" } });
  expect(byId((await agent.invoke({ input: "go" })).pastSteps).each?.output).toEqual(["a", "b", "c"]);
  expect(most).toBe(1);
});

test("a for-each step over more items than it may have does none of them, and says both numbers", async () => {
  const values = Array.from({ length: 10_001 }, (_, index) => index);
  const each = { id: "each", tool: "echo", args: { value: "{{item}}" }, forEach: "{{list}}" };
  const { agent, eventsOf } = plannedAgent([list(values), each], {
    tools: [echo],
    replanner: { maxReplans: 0 },
  });
  const results = byId((await agent.invoke({ input: "go" })).pastSteps);
  expect(results.each?.error).toEqual({
    code: "TOO_MANY_ITEMS",
    message:
      "{{list}} has 10001 items; a for-each step does at most 10000. Narrow the list down, or do it in parts.",
  });
  expect(eventsOf("step.started").filter(({ stepId }) => stepId.startsWith("each["))).toEqual([]);
});
