import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, itemIn, plannedAgent } from "../../support/agent-run.js";
import { readSection } from "../../support/read-section.js";
import { planCall, type ScriptedAnswer } from "../../support/scripted-model.js";

const double = tool(({ number }) => number * 2, {
  name: "double",
  description: "doubles a number",
  schema: z.object({ number: z.number() }),
});

describe("a direct step", () => {
  test("costs no model call and keeps its arguments and output", async () => {
    const { agent, model } = plannedAgent([{ id: "1", tool: "double", args: { number: 4 } }], {
      tools: [double],
    });
    const { pastSteps, response, status } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([
      { id: "1", status: "done", output: 8, args: { number: 4 }, attempts: 1 },
    ]);
    expect({ response, status }).toEqual({ response: "the answer", status: "done" });
    expect(model.calls.map(({ role }) => role)).toEqual(["planner", "answer"]);
  });

  test("gets the value of a lone reference with its type", async () => {
    const values = [3, true, null, "text", [1, "2"], { a: { b: [1] } }];
    const steps = values.flatMap((value, index) => [
      { id: `in${index}`, tool: "echo", args: { value } },
      { id: `out${index}`, tool: "echo", args: { value: `{{in${index}}}` } },
    ]);
    const { agent } = plannedAgent(steps, { tools: [echo] });
    const results = byId((await agent.invoke({ input: "go" })).pastSteps);
    expect(values.map((_, index) => results[`out${index}`]?.args)).toEqual(
      values.map((value) => ({ value })),
    );
  });

  test("gets references that are nested in its arguments, and text inside text", async () => {
    const value = {
      list: ["{{a.b.0}}", { deep: "{{a}}" }],
      text: "it is {{a.b}} and {{a.c}}.",
      raw: "\\{{a}}",
    };
    const steps = [
      { id: "a", tool: "echo", args: { value: { b: [7, 8], c: null } } },
      { id: "z", tool: "echo", args: { value } },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo] });
    const results = byId((await agent.invoke({ input: "go" })).pastSteps);
    expect(results.z?.output).toEqual({
      list: [7, { deep: { b: [7, 8], c: null } }],
      text: "it is [7,8] and .",
      raw: "{{a}}",
    });
  });

  test("fails where the path of a reference leads nowhere, and says where it stops", async () => {
    const steps = [
      { id: "a", tool: "echo", args: { value: { b: 1 } } },
      { id: "z", tool: "echo", args: { value: "{{a.c}}" } },
    ];
    const { agent } = plannedAgent(steps, { tools: [echo], replanner: { maxReplans: 0 } });
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(byId(pastSteps).z).toMatchObject({
      status: "failed",
      error: { code: "REFERENCE_FAILED" },
      attempts: 0,
    });
    expect(byId(pastSteps).z?.error?.message).toContain('it has "b"');
    expect(status).toBe("incomplete");
  });

  test("keeps an output that is JSON as JSON, whether it comes as a value or as text", async () => {
    const texts = ['{"a":[1]}', "[1,2]", "391", "007", "plain"];
    const steps = texts.map((value, index) => ({ id: `${index}`, tool: "echo", args: { value } }));
    const { agent } = plannedAgent(steps, { tools: [echo] });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps.map(({ output }) => output)).toEqual([{ a: [1] }, [1, 2], 391, "007", "plain"]);
  });
});

describe("a call step", () => {
  test.each([
    ["a zod schema", z.object({})],
    ["a JSON Schema", { type: "object" as const, properties: {} }],
  ])("of a tool without arguments, by %s, asks no model for them", async (_, schema) => {
    const now = tool(() => "noon", { name: "now", description: "tells the time", schema });
    const { agent, model } = plannedAgent([{ id: "1", tool: "now" }], { tools: [now] });
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ tool: "now", args: {}, status: "done", output: "noon" }]);
    expect(model.calls.map(({ role }) => role)).toEqual(["planner", "answer"]);
  });

  test.each([
    ["a loose zod schema", z.looseObject({})],
    ["a schema with a check that is asynchronous", z.looseObject({}).refine(async () => true)],
    ["a JSON Schema", { type: "object" as const, properties: {}, additionalProperties: true }],
  ])("of a tool that takes whatever it is given, by %s, has them made", async (_, schema) => {
    const note = tool((args) => args, { name: "note", description: "keeps what it is given", schema });
    const { agent } = plannedAgent(
      [{ id: "1", tool: "note" }],
      { tools: [note] },
      { call: () => [{ name: "note", args: { text: "tea" } }] },
    );
    expect((await agent.invoke({ input: "go" })).pastSteps).toMatchObject([{ output: { text: "tea" } }]);
  });

  test("costs one call of the model that must call a tool, and its result is the tool's", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "double seven", tool: "double" }],
      { tools: [double, echo] },
      { call: [{ name: "double", args: { number: 7 } }] },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", output: 14, args: { number: 7 }, tool: "double" }]);
    expect(model.calls.map(({ role }) => role)).toEqual(["planner", "call", "answer"]);
    expect(model.calls[1]).toMatchObject({ tools: ["double", "blocked"], toolChoice: "any" });
    expect(model.calls[1]?.prompt).toContain("double seven");
  });

  test("fails where the model makes arguments that the tool does not take", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "double", tool: "double" }],
      { tools: [double], replanner: { maxReplans: 0 } },
      { call: [{ name: "double", args: { number: "seven" } }] },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "INVALID_ARGS" }, attempts: 1 }]);
    expect(model.count("call")).toBe(1);
  });

  test.each<[string, ScriptedAnswer]>([
    ["instead of calling the tool", [{ name: "blocked", args: { reason: "There is no number." } }]],
    [
      "beside a call of the tool",
      [
        { name: "double", args: { number: 1 } },
        { name: "blocked", args: { reason: "There is no number." } },
      ],
    ],
  ])("is blocked where its model says that an argument is missing, %s", async (_, answer) => {
    const calls: number[] = [];
    const counted = tool(({ number }) => calls.push(number), { ...double, schema: double.schema });
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "double it", tool: "double" }],
      { tools: [counted] },
      { call: answer },
    );
    const { pastSteps, response } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([
      { status: "blocked", tool: "double", error: { code: "BLOCKED", message: "There is no number." } },
    ]);
    expect(calls).toEqual([]);
    expect(model.count("call")).toBe(1);
    expect(model.calls.at(-1)).toMatchObject({ role: "replanner" });
    expect(model.calls.at(-1)?.prompt).toContain("There is no number.");
    expect(response).toBe("the answer");
  });

  test("is blocked item by item where the step is done for each", async () => {
    const { agent } = plannedAgent(
      [{ id: "1", description: "double {{item}}", tool: "double", forEach: "[1,2]" }],
      { tools: [double], replanner: { maxReplans: 0 } },
      {
        call: (messages) =>
          itemIn(messages) === 1
            ? [{ name: "double", args: { number: 1 } }]
            : [{ name: "blocked", args: { reason: "No." } }],
      },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([
      { status: "failed", error: { code: "ITEMS_FAILED" }, output: [2, null] },
    ]);
    expect(pastSteps[0]?.error?.message).toContain("1[1] ended blocked (No.)");
  });

  test("makes one call where the model makes the same call twice, and none where it makes two", async () => {
    const twice = (...numbers: number[]) =>
      plannedAgent(
        [{ id: "1", description: "double", tool: "double" }],
        { tools: [double], replanner: { maxReplans: 0 } },
        { call: numbers.map((number) => ({ name: "double", args: { number } })) },
      );
    const same = twice(7, 7);
    expect((await same.agent.invoke({ input: "go" })).pastSteps).toMatchObject([{ output: 14 }]);
    const other = twice(7, 8);
    const { pastSteps } = await other.agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "MODEL_UNREADABLE" } }]);
    expect(pastSteps[0]?.error?.message).toContain("called double 2 times with different arguments");
  });

  test("fails where the model answers in text instead of calling the tool", async () => {
    const { agent } = plannedAgent(
      [{ id: "1", description: "double", tool: "double" }],
      { tools: [double], replanner: { maxReplans: 0 } },
      { call: "I would rather not." },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "failed", error: { code: "MODEL_UNREADABLE" } }]);
    expect(pastSteps[0]?.error?.message).toContain("I would rather not.");
  });
});

describe("a step in words that names no step", () => {
  const said = (value: string) => ({ echo: { value } });
  const inputsOf = ({ messages }: { messages: readonly BaseMessage[] }) =>
    (readSection("inputs", messages.at(-1)?.text ?? "") ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line).output);

  test("sees what all steps before it gave, an agent as well as a call", async () => {
    const { agent, model } = plannedAgent(
      [
        said("sunny"),
        said("rainy"),
        { description: "Compare them" },
        said("misty"),
        { tool: "double", description: "Double it" },
        { description: "Say hello", dependsOn: [] },
      ],
      { tools: [echo, double] },
      {
        agent: (messages) => (messages.at(-1)?.text.includes("hello") ? "hello" : "the same"),
        call: [{ name: "double", args: { number: 1 } }],
      },
    );
    const { status } = await agent.invoke({ input: "go" });
    expect(status).toBe("done");
    const shown = model.calls
      .filter(({ role }) => role === "agent" || role === "call")
      .map((call) => [call.role, inputsOf(call)]);
    expect(shown).toHaveLength(3);
    expect(shown).toEqual(
      expect.arrayContaining([
        ["agent", []],
        ["agent", ["sunny", "rainy"]],
        ["call", ["sunny", "rainy", "the same", "misty"]],
      ]),
    );
  });

  test("sees in a new remainder what was done before, and not what failed", async () => {
    const broken = tool(
      () => {
        throw new TypeError("no");
      },
      { name: "broken", description: "fails", schema: z.object({}), metadata: { readOnly: true } },
    );
    const { agent, model } = plannedAgent(
      [said("sunny"), { broken: {} }, { description: "Compare them" }],
      { tools: [echo, broken] },
      {
        replanner: (_, __, call) =>
          call === 2 ? planCall([said("rainy"), { description: "Compare what there is" }]) : "the answer",
        agent: "the same",
      },
    );
    const { pastSteps, status } = await agent.invoke({ input: "go" });
    expect(pastSteps.map(({ status: ended }) => ended)).toEqual(["done", "failed", "done", "done"]);
    expect(status).toBe("done");
    expect(model.calls.filter(({ role }) => role === "agent").map(inputsOf)).toEqual([["sunny", "rainy"]]);
  });

  test("is told no more of many large outputs than a prompt has room for", async () => {
    const words = Array.from({ length: 10 }, (_, index) => said(`${index} ${"word ".repeat(1_900)}`));
    const { agent, model } = plannedAgent(
      [...words, { description: "Compare them" }],
      { tools: [echo] },
      { agent: "the same" },
    );
    await agent.invoke({ input: "go" });
    const call = model.calls.find(({ role }) => role === "agent");
    expect(call?.prompt.length).toBeLessThan(34_000);
    expect(inputsOf(call ?? { messages: [] })).toHaveLength(10);
  });
});
