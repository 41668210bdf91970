import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, expectTypeOf, it, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent, OptionsError } from "../../../src/index.js";
import { echo, noWait } from "../../support/agent-run.js";
import { planCall, type Script, type ScriptedAnswer, ScriptedModel } from "../../support/scripted-model.js";

const responseFormat = z.object({ city: z.string(), degrees: z.number() });
const fitting = { city: "Oslo", degrees: 4 };
const call = (args: Record<string, unknown>) => [{ name: "answer", args }];

/** An agent whose planner gives `plan`, and whose structured answers are these, one a call. */
function setUp(plan: ScriptedAnswer, answers: readonly ScriptedAnswer[], closing = "Four degrees in Oslo.") {
  const left = [...answers];
  const script: Script = (_messages, tools) => {
    if (tools.includes("answer")) {
      return left.shift() ?? new Error("one call too many");
    }
    return tools.includes("plan") && !tools.includes("respond") ? plan : closing;
  };
  const model = new ScriptedModel(script);
  const agent = createPlanExecuteAgent({
    model,
    tools: [echo],
    responseFormat,
    executor: { retry: noWait },
    checkpointer: new MemorySaver(),
  });
  const structuring = () => model.calls.filter(({ tools }) => tools.includes("answer"));
  return { agent, structuring };
}

const config = { configurable: { thread_id: "1" } };
const step = (value: unknown) => ({ id: "a", tool: "echo", args: { value } });

describe("the answer in the form of responseFormat", () => {
  it.each([
    ["the closing call", planCall([step("cold")])],
    ["the planner", "Four degrees in Oslo."],
  ])("is made from the text that %s wrote, which stays", async (_who, plan) => {
    const { agent, structuring } = setUp(plan, [call(fitting)]);
    const run = await agent.invoke({ input: "go" }, config);
    expectTypeOf(run.structuredResponse).toEqualTypeOf<
      { city: string; degrees: number } | null | undefined
    >();
    expect(run).toMatchObject({
      status: "done",
      response: "Four degrees in Oslo.",
      structuredResponse: fitting,
    });
    expect(structuring()).toHaveLength(1);
    expect(structuring()[0]?.toolChoice).toBe("answer");
  });

  it("is the output of the step that answers, without a call, where that fits", async () => {
    const { agent, structuring } = setUp(planCall([step(fitting)], "a"), []);
    expect((await agent.invoke({ input: "go" }, config)).structuredResponse).toEqual(fitting);
    expect(structuring()).toEqual([]);
  });

  it("is asked for again with what does not fit", async () => {
    const { agent, structuring } = setUp("Cold.", [call({ city: "Oslo", degrees: "four" }), call(fitting)]);
    expect((await agent.invoke({ input: "go" }, config)).structuredResponse).toEqual(fitting);
    expect(structuring()[1]?.prompt).toContain("That does not fit.");
    expect(structuring()[1]?.prompt).toContain("degrees");
  });

  it("fails the run if no model gives one that fits, and a null input goes on from there", async () => {
    const bad = call({ city: 5 });
    const { agent } = setUp(planCall([step("cold")]), [bad, bad, bad, call(fitting)]);
    const failed = await agent.invoke({ input: "go" }, config);
    expect(failed).toMatchObject({ status: "failed" });
    expect(failed.structuredResponse ?? null).toBeNull();
    expect(failed.outcome?.reason).toContain("does not fit responseFormat");
    expect(await agent.invoke(null, config)).toMatchObject({ status: "done", structuredResponse: fitting });
  });

  it("is null again in a later turn that has none", async () => {
    const { agent } = setUp("Cold.", [call(fitting), new Error("down"), new Error("down")]);
    await agent.invoke({ input: "go" }, config);
    expect((await agent.invoke({ input: "again" }, config)).structuredResponse).toBeNull();
  });
});

test("a form that is no zod object is refused at construction, and without one nothing is written", async () => {
  const build = () =>
    Reflect.apply(createPlanExecuteAgent, undefined, [{ responseFormat: { city: "text" } }]);
  expect(build).toThrow(OptionsError);
  expect(build).toThrow("responseFormat: must be a zod object");
  const agent = createPlanExecuteAgent({ model: new ScriptedModel(() => "Hello.") });
  expect(await agent.invoke("hi")).not.toHaveProperty("structuredResponse");
});
