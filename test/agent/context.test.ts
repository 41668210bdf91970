import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { expect, test } from "vitest";
import { z } from "zod";
import { applyContext, contextSchema, createGraphContext } from "../../src/agent/context.js";
import { OptionsError, type PlanExecuteOptions, type RunContext } from "../../src/agent/index.js";
import { resolveSettings } from "../../src/agent/resolve-settings.js";
import { echo, journalTool, plannedAgent } from "../support/agent-run.js";
import { createJournal } from "../support/deferred.js";
import { scriptedByRole } from "../support/scripted-model.js";

const mine = scriptedByRole({ planner: "mine" });
const known = { models: { mine }, hasTool: (name: string) => name === "charge" || name === "refund" };

const formSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })),
});

function settingsWith(context: RunContext, options: PlanExecuteOptions = {}) {
  return applyContext(resolveSettings(options, {}), context, known);
}

test("without a context the settings are the agent's own", () => {
  const settings = resolveSettings({}, {});
  for (const context of [undefined, null, {}])
    expect(applyContext(settings, context, known)).toEqual(settings);
});

test.each<[RunContext, object]>([
  [{ plannerModel: "mine" }, { planner: { model: "mine" }, executor: { model: "offline" } }],
  [{ executorModel: "mine" }, { planner: { model: "offline" }, executor: { model: "mine" } }],
  [{ replannerModel: "mine" }, { replanner: { model: "mine" }, planner: { model: "offline" } }],
  [{ answerModel: "mine" }, { answer: { model: "mine" }, replanner: { model: "offline" } }],
  [
    { model: "mine", plannerModel: "a:b" },
    {
      planner: { model: "a:b" },
      executor: { model: "mine" },
      replanner: { model: "mine" },
      answer: { model: undefined },
    },
  ],
  [
    { instructions: "Be quick." },
    { planner: { instructions: "Be quick." }, replanner: { instructions: undefined } },
  ],
  [
    { fallbackModels: ["mine", "a:b"] },
    { planner: { fallbacks: ["mine", "a:b"] }, answer: { fallbacks: ["mine", "a:b"] } },
  ],
  [{ granularity: "fine" }, { planner: { granularity: "fine" } }],
  [{ maxSteps: 3 }, { planner: { maxSteps: 3 } }],
  [{ concurrency: 2 }, { executor: { concurrency: 2 } }],
  [{ maxToolRounds: 2 }, { executor: { maxToolRounds: 2 } }],
  [{ replanWhen: "every-step" }, { replanner: { when: "every-step" } }],
  [{ maxReplans: 0 }, { replanner: { maxReplans: 0 } }],
  [{ approvePlan: "never" }, { approval: { plan: false } }],
  [{ approvePlan: "once" }, { approval: { plan: false, standing: { plan: "once" } } }],
  [{ approvePlan: "always" }, { approval: { standing: { plan: "always" } } }],
  [{ tools: ["charge"] }, { toolNames: ["charge"] }],
  [{ approveTools: ["charge"] }, { approval: { standing: { tools: ["charge"] } } }],
  [{ maxModelCalls: 4 }, { limits: { maxModelCalls: 4 } }],
  [{ maxTokens: 5 }, { limits: { maxTokens: 5 } }],
  [{ maxCostUsd: 0.5 }, { limits: { maxCostUsd: 0.5 } }],
  [{ maxTurnSteps: 7 }, { limits: { maxSteps: 7 }, planner: { maxSteps: 12 } }],
  [{ maxDurationMs: 6 }, { limits: { maxDurationMs: 6 } }],
])("%j is taken over", (context, expected) => {
  expect(settingsWith(context)).toMatchObject(expected);
});

test("maxCostUsd is refused before anything is called where a model has no price", async () => {
  const { agent, model, events } = plannedAgent([], { models: { mine } });
  const run = agent.invoke({ input: "go" }, { context: { maxCostUsd: 1, fallbackModels: ["mine"] } });
  await expect(run).rejects.toThrow(
    'limits.maxCostUsd: "scripted" (planner.model) has no price; set prices["scripted"], or leave the limit out',
  );
  await expect(run).rejects.toBeInstanceOf(OptionsError);
  expect([model.count(), events]).toEqual([0, []]);
});

test("a model for all roles is also the answer's, where that has one of its own", () => {
  expect(settingsWith({ model: "mine" }, { answer: { model: "a:b" } }).answer.model).toBe("mine");
});

test("instructions come after the agent's own", () => {
  const { planner } = settingsWith({ instructions: "Be quick." }, { planner: { instructions: "Be kind." } });
  expect(planner.instructions).toBe("Be kind.\n\nBe quick.");
});

test("tools that a run wants approved wait, also where the options let them run, under the rules they have", () => {
  const rule = { description: "money" };
  const { approval } = settingsWith(
    { approveTools: ["charge", "refund"] },
    { approval: { tools: { charge: false, refund: rule } } },
  );
  expect(approval).toMatchObject({ tools: { refund: rule }, standing: { tools: ["charge", "refund"] } });
});

test.each([
  [{ maxSteps: 0 }, ["maxSteps"]],
  [{ maxSteps: "3", granularity: "tiny", maxCostUsd: -1 }, ["granularity", "maxSteps", "maxCostUsd"]],
  [{ approvalExpiresAfter: "soon", requireRequestId: "yes" }, ["approvalExpiresAfter", "requireRequestId"]],
  [{ approveTools: ["chrage", "refnud"] }, ["approveTools", "approveTools"]],
  ["fine", ["options"]],
])("a context that cannot be used is an error that names it all: %j", (context, names) => {
  try {
    applyContext(resolveSettings({}, {}), context, known);
    expect.unreachable();
  } catch (error) {
    const problems = error instanceof OptionsError ? error.problems : [];
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(names);
    expect(String(error)).toContain("The run's context");
  }
});

test("a model that nobody knows is refused with its place in the context", () => {
  expect(() => settingsWith({ replannerModel: "gpt" })).toThrow('context.replannerModel is "gpt"');
});

test("a run's context reaches the run", async () => {
  const { agent } = plannedAgent([], { tools: [echo], models: { mine } });
  const run = await agent.invoke({ input: "hi" }, { context: { plannerModel: "mine" } });
  expect(run.response).toBe("mine");
});

test("a bad context ends the run with an OptionsError before a model is called", async () => {
  const { agent, model } = plannedAgent([], { tools: [echo] });
  const bad = { maxSteps: -1, maxTokens: 0.5 };
  await expect(agent.invoke({ input: "hi" }, { context: bad })).rejects.toMatchObject({
    code: "INVALID_OPTIONS",
    problems: [expect.stringContaining("maxSteps"), expect.stringContaining("maxTokens")],
  });
  expect(model.count()).toBe(0);
});

test("Studio sees the same form as the context's own schema gives", () => {
  const plain = (schema: unknown): unknown => JSON.parse(JSON.stringify(schema));
  const settings = resolveSettings({ limits: { maxTokens: 900 }, approval: { plan: true } }, {});
  const { properties = {}, ...form } = formSchema.parse(plain(toJsonSchema(createGraphContext(settings))));
  const shown = Object.entries(properties).flatMap(([key, field]) =>
    field.default === undefined ? [] : [key],
  );
  expect(properties).toMatchObject({
    granularity: { default: "balanced", enum: ["coarse", "balanced", "fine"] },
    maxSteps: { default: 12 },
    approvePlan: { default: "once" },
    maxTokens: { default: 900 },
    replanWhen: { default: "needed" },
  });
  for (const key of shown) delete properties[key]?.default;
  expect({ properties, ...form }).toEqual(plain(toJsonSchema(contextSchema)));
  expect(shown).not.toContain("model");
});

test("an assistant uses the tools that it names, and no others", async () => {
  const other = journalTool(createJournal(), "other");
  const { agent, model } = plannedAgent([{ id: "a", tool: "other", args: { who: "Ann" } }], {
    tools: [echo, other],
  });
  const run = await agent.invoke({ input: "go" }, { context: { tools: ["echo"] } });
  const [first, second] = model.calls;
  expect(first?.prompt).toContain("\necho(");
  expect(first?.prompt).not.toContain("\nother(");
  expect(second?.prompt).toContain('there is no tool "other"');
  expect(run.pastSteps.some(({ tool }) => tool === "other")).toBe(false);
  await expect(agent.invoke({ input: "go" }, { context: { tools: ["nothing"] } })).rejects.toThrow(
    'tools: there is no tool "nothing"',
  );
});
