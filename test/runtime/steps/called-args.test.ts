// Rules judge, people see, and decisions hold for what a tool is called with, not for what was written.
import { randomUUID } from "node:crypto";
import { tool } from "@langchain/core/tools";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { ApprovalRule } from "../../../src/index.js";
import { plannedAgent } from "../../support/agent-run.js";
import { approve, decide, edit, requestOf } from "../../support/approval.js";
import type { Script, ScriptByRole } from "../../support/scripted-model.js";

const config = { configurable: { thread_id: "1" } };
const aboveHundred: ApprovalRule = { when: ({ amount }) => typeof amount !== "number" || amount > 100 };
const coerced = z.object({ amount: z.coerce.number() });
const direct = (args: object) => [{ id: "1", tool: "charge", args, dependsOn: [] }];
/** Calls the tool once, and then is done. */
const callOnce =
  (args: Record<string, unknown>): Script =>
  (messages) =>
    messages.some((message) => message.getType() === "tool") ? "done" : [{ name: "charge", args }];

function setUp(
  schema: z.ZodObject,
  rule: boolean | ApprovalRule | undefined,
  {
    steps,
    script = {},
    list,
  }: { steps: readonly unknown[]; script?: ScriptByRole; list?: readonly unknown[] },
) {
  const calls: unknown[] = [];
  const charge = tool(
    (args) => {
      calls.push(args);
      return "charged";
    },
    { name: "charge", description: "charges", schema },
  );
  const lister = tool(() => JSON.stringify(list), {
    name: "list",
    description: "lists",
    schema: z.object({}),
    metadata: { readOnly: true },
  });
  const options = {
    tools: [charge, lister],
    checkpointer: new MemorySaver(),
    ...(rule === undefined ? {} : { approval: { tools: { charge: rule } } }),
  };
  return { calls, ...plannedAgent(steps, options, script) };
}

/** Each kind of step, with a model that writes these arguments where one is asked. */
const kinds = {
  direct: (args: Record<string, unknown>) => ({ steps: direct(args), script: {} }),
  call: (args: Record<string, unknown>) => ({
    steps: [{ id: "1", description: "charge", tool: "charge", dependsOn: [] }],
    script: { call: [{ name: "charge", args }] },
  }),
  agent: (args: Record<string, unknown>) => ({
    steps: [{ id: "1", description: "charge", dependsOn: [] }],
    script: { agent: callOnce(args) },
  }),
  "for each": (args: Record<string, unknown>) => ({
    steps: [
      { id: "list", tool: "list", args: {}, dependsOn: [] },
      { id: "1", tool: "charge", args: { amount: "{{item}}" }, forEach: "{{list}}", dependsOn: ["list"] },
    ],
    script: {},
    list: [args.amount],
  }),
};

describe.each(Object.entries(kinds))("in a step of the kind %s", (_kind, toSteps) => {
  test("a rule judges what the schema reads, and a person sees it", async () => {
    const { agent, calls } = setUp(coerced, aboveHundred, toSteps({ amount: "9000" }));
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    expect(actionRequests.map(({ args }) => args)).toEqual([{ amount: 9000 }]);
    await agent.invoke(decide(approve), config);
    expect(calls).toEqual([{ amount: 9000 }]);
  });

  test("a rule lets pass what the schema reads as harmless", async () => {
    const { agent, calls } = setUp(coerced, aboveHundred, toSteps({ amount: "50" }));
    await agent.invoke({ input: "go" }, config);
    expect(calls).toEqual([{ amount: 50 }]);
  });

  test("what is approved is called, where a default is another each time", async () => {
    const schema = z.object({ amount: z.any(), key: z.string().default(() => randomUUID()) });
    const { agent, calls } = setUp(schema, true, toSteps({ amount: 1 }));
    const { actionRequests } = requestOf(await agent.invoke({ input: "go" }, config));
    // An answer that cannot be taken, and one that is late, change nothing of it.
    requestOf(await agent.invoke(decide(), config));
    await agent.invoke(decide(approve), config);
    expect(calls).toEqual(actionRequests.map(({ args }) => args));
    expect(calls).toMatchObject([{ key: expect.any(String) }]);
  });

  test("where what the schema makes cannot be shown as arguments, a rule that goes by them asks", async () => {
    const schema = z.object({ amount: z.string().transform((text) => text.length) });
    const { agent, calls } = setUp(schema, { when: () => false }, toSteps({ amount: "four" }));
    const [asked] = requestOf(await agent.invoke({ input: "go" }, config)).actionRequests;
    expect(asked?.args).toEqual({ amount: "four" });
    expect(asked?.description).toContain('makes `{"amount":4}` of them');
    await agent.invoke(decide(approve), config);
    expect(calls).toEqual([{ amount: 4 }]);
  });

  test("a tool without a rule is called as ever", async () => {
    const schema = z.object({ amount: z.string().transform((text) => new Map([[text, 1]])) });
    const { agent, calls } = setUp(schema, undefined, toSteps({ amount: "a" }));
    await agent.invoke({ input: "go" }, config);
    expect(calls).toEqual([{ amount: new Map([["a", 1]]) }]);
  });
});

test("a call is refused for what the schema reads, shown or not", async () => {
  const refuse: ApprovalRule["refuse"] = ({ amount }) => (Number(amount) > 100 ? "too much" : undefined);
  const asSum = z.object({
    amount: z.string().transform((text) => text.split("+").reduce((sum, one) => sum + +one, 0)),
  });
  for (const [schema, amount] of [
    [coerced, "9000"],
    [asSum, "60+60"],
  ] as const) {
    const { agent, calls } = setUp(schema, { refuse }, { steps: direct({ amount }) });
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(pastSteps[0]?.error?.message).toContain("too much");
    expect(calls).toEqual([]);
  }
});

test("an edited call is recorded and made as the schema reads it", async () => {
  const { agent, calls } = setUp(coerced, true, { steps: direct({ amount: 1 }) });
  requestOf(await agent.invoke({ input: "go" }, config));
  const { pastSteps } = await agent.invoke(decide(edit("charge", { amount: "2" })), config);
  expect((await agent.getState(config)).values.decisions[0]?.args).toEqual({ amount: 2 });
  expect(pastSteps[0]?.args).toEqual({ amount: 2 });
  expect(calls).toEqual([{ amount: 2 }]);
});

test("asynchronous checks of a schema are the tool's to make, and what they refuse is not made", async () => {
  for (const [isFine, made] of [
    [true, 1],
    [false, 0],
  ] as const) {
    const schema = z.object({ amount: z.coerce.number().refine(async () => isFine, "not today") });
    const { agent, calls } = setUp(schema, undefined, { steps: direct({ amount: "9" }) });
    const { pastSteps } = await agent.invoke({ input: "go" }, config);
    expect(calls).toEqual(Array.from({ length: made }, () => ({ amount: 9 })));
    if (!isFine) {
      expect(pastSteps[0]?.error).toMatchObject({ code: "INVALID_ARGS" });
    }
  }
});

test("a check that refuses at first and takes the call later has let nothing past a rule", async () => {
  let asked = 0;
  const schema = z.object({ amount: z.coerce.number().refine(async () => ++asked > 1) });
  const { agent, calls } = setUp(schema, aboveHundred, { steps: direct({ amount: "9000" }) });
  requestOf(await agent.invoke({ input: "go" }, config));
  expect(calls).toEqual([]);
});
