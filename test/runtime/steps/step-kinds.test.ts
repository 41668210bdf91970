import { tool } from "@langchain/core/tools";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { byId, echo, plannedAgent } from "../../support/agent-run.js";

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

  test("costs one call of the model with the tool forced, and its result is the tool's", async () => {
    const { agent, model } = plannedAgent(
      [{ id: "1", description: "double seven", tool: "double" }],
      { tools: [double, echo] },
      { call: [{ name: "double", args: { number: 7 } }] },
    );
    const { pastSteps } = await agent.invoke({ input: "go" });
    expect(pastSteps).toMatchObject([{ status: "done", output: 14, args: { number: 7 }, tool: "double" }]);
    expect(model.calls.map(({ role }) => role)).toEqual(["planner", "call", "answer"]);
    expect(model.calls[1]).toMatchObject({ tools: ["double"], toolChoice: "double" });
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
