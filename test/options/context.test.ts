import { tool } from "@langchain/core/tools";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { MemorySaver, START, StateGraph } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { OptionsError, type PlanExecuteOptions, type RunContext } from "../../src/agent/index.js";
import { applyContext, createGraphContext } from "../../src/options/context.js";
import { contextSchema } from "../../src/options/fields.js";
import { resolveSettings } from "../../src/options/settings.js";
import { echo, journalTool, plannedAgent } from "../support/agent-run.js";
import { approve, decide } from "../support/approval.js";
import { createJournal } from "../support/deferred.js";
import { scriptedByRole } from "../support/scripted-model.js";

const mine = scriptedByRole({ planner: "mine" });
const known = {
  models: { mine },
  hasTool: (name: string) => name === "charge" || name === "refund",
  contextFields: z.object({ tenant: z.string() }),
};

const formSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })),
});

function settingsWith(context: RunContext, options: PlanExecuteOptions = {}) {
  return applyContext(resolveSettings(options, {}), context, known);
}

test("without a context the settings are the agent's own", () => {
  const settings = resolveSettings({}, {});
  for (const context of [undefined, null, {}]) {
    expect(applyContext(settings, context, known)).toEqual(settings);
  }
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
    },
  ],
  [{ instructions: "Be quick." }, { planner: { instructions: "Be quick." } }],
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
  expect(settingsWith({ model: "mine", plannerModel: "a:b" }).answer.model).toBeUndefined();
});

test("instructions come after the agent's own", () => {
  const { planner } = settingsWith({ instructions: "Be quick." }, { planner: { instructions: "Be kind." } });
  expect(planner.instructions).toBe("Be kind.\n\nBe quick.");
  expect(settingsWith({ instructions: "Be quick." }).replanner.instructions).toBeUndefined();
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
  [{ maxSteps: "3", granularity: "tiny", maxCostUsd: -1 }, ["maxSteps", "granularity", "maxCostUsd"]],
  [{ approvalExpiresAfter: "soon", requireRequestId: "yes" }, ["approvalExpiresAfter", "requireRequestId"]],
  [{ approveTools: ["chrage", "refnud"] }, ["approveTools", "approveTools"]],
  ["fine", ["context"]],
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

test.each([
  ["aproveTools", "did you mean approveTools?"],
  ["approve_tools", "did you mean approveTools?"],
  ["APPROVE-TOOLS", "did you mean approveTools?"],
  ["tool", "did you mean tools?"],
  ["tennant", "did you mean tenant?"],
  ["colour", "the keys are model, plannerModel,"],
  ["toString", "the keys are model,"],
])("a key that is not there is an error that names the nearest: %s", (key, hint) => {
  for (const value of [["charge"], undefined]) {
    const apply = () => applyContext(resolveSettings({}, {}), { maxSteps: 3, [key]: value }, known);
    expect(apply).toThrow(OptionsError);
    expect(apply).toThrow(`- ${key}: there is no such key; ${hint}`);
    expect(apply).toThrow("contextFields: ");
  }
});

test("of very many keys that are not there some are named", () => {
  const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`tools${index}`, 1]));
  const apply = () => applyContext(resolveSettings({}, {}), many, known);
  expect(apply).toThrow("tools19: ");
  expect(apply).not.toThrow("tools20: ");
});

test("what LangGraph's servers write beside it is no key of a context's", () => {
  const written = {
    thread_id: "1",
    run_id: "2",
    user_id: "ann",
    langgraph_auth_user: { identity: "ann" },
    "x-request-id": "3",
    __pregel_resuming: true,
  };
  expect(applyContext(resolveSettings({}, {}), { ...written, maxSteps: 3 }, known).planner.maxSteps).toBe(3);
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

test.each<[string, unknown]>([
  ["a misspelt key", { aproveTools: ["echo"] }],
  ["a text", "approveTools"],
  ["a list", ["echo"]],
  ["a number", 5],
  ["a map", new Map([["approveTools", ["echo"]]])],
])("%s as a context is an OptionsError, and the thread is as it was", async (_what, context) => {
  const { agent, model } = plannedAgent([{ id: "a", tool: "echo", args: { value: 1 } }], {
    tools: [echo],
    approval: { tools: { echo: true } },
    checkpointer: new MemorySaver(),
  });
  const thread = { configurable: { thread_id: "1" } };
  await agent.invoke({ input: "hi" }, thread);
  const before = await agent.getState(thread);
  const calls = model.count();
  for (const input of [{ input: "hi" }, decide(approve), null]) {
    const run: unknown = Reflect.apply(agent.invoke, agent, [input, { ...thread, context }]);
    await expect(run).rejects.toMatchObject({ code: "INVALID_OPTIONS" });
    await expect(run).rejects.toThrow("The run's context");
  }
  expect(await agent.getState(thread)).toEqual(before);
  expect(model.count()).toBe(calls);
});

test("null is no context", async () => {
  const { agent } = plannedAgent([{ id: "a", tool: "echo", args: { value: 1 } }], { tools: [echo] });
  const run: unknown = Reflect.apply(agent.invoke, agent, [{ input: "hi" }, { context: null }]);
  await expect(run).resolves.toMatchObject({ status: "done" });
});

test("fields of the tools' own, or of a graph's around the agent, are named in contextFields, and checked", async () => {
  const seen: unknown[] = [];
  const look = tool((_, config) => seen.push(Reflect.get(Object(config), "context")), {
    name: "look",
    description: "looks at its context",
    schema: z.object({}),
  });
  const setUp = (contextFields?: z.ZodObject) =>
    plannedAgent([{ id: "a", tool: "look", args: {} }], { tools: [look], contextFields }).agent;
  const around = (contextFields?: z.ZodObject) =>
    new StateGraph({
      state: z.object({ input: z.string(), status: z.any() }),
      context: z.object({ tenant: z.string(), maxSteps: z.number() }),
    })
      .addNode("inner", setUp(contextFields))
      .addEdge(START, "inner")
      .compile();
  const context = { tenant: "acme", maxSteps: 3 };
  const tenant = z.object({ tenant: z.string().max(4).default("none") });
  expect(await around(tenant).invoke({ input: "hi" }, { context })).toMatchObject({ status: "done" });
  expect(seen).toEqual([context]);
  await expect(around().invoke({ input: "hi" }, { context })).rejects.toThrow(
    /tenant: there is no such key.*\n.*contextFields: /,
  );
  const wrong = { ...context, tenant: "much too long" };
  await expect(around(tenant).invoke({ input: "hi" }, { context: wrong })).rejects.toThrow(/tenant: /);
  expect(await setUp(tenant).invoke({ input: "hi" })).toMatchObject({ status: "done" });
});

test("what withConfig gave for approval stands beside a run's own context, and is checked as that is", async () => {
  const { agent } = plannedAgent([{ id: "a", tool: "charge", args: { who: "Ann" } }], {
    tools: [journalTool(createJournal())],
    checkpointer: new MemorySaver(),
  });
  const thread = { configurable: { thread_id: "1" }, context: { granularity: "fine" } } as const;
  const bound = agent.withConfig({ context: { approveTools: ["charge"], approvePlan: "once" } });
  const run = await bound.invoke({ input: "go" }, { ...thread, context: { approvePlan: "never" } });
  expect(run).toHaveProperty("__interrupt__");
  const broken = agent.withConfig({ context: { approveTools: ["charge"], maxSteps: 0 } });
  await expect(broken.invoke({ input: "go" }, thread)).rejects.toThrow("maxSteps");
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
  for (const key of shown) {
    delete properties[key]?.default;
  }
  expect({ properties, ...form }).toEqual(plain(toJsonSchema(contextSchema)));
  expect(shown).not.toContain("model");
});

test("Studio sees fields of the tools' own with their titles, words and defaults, and the names of the tools", () => {
  const contextFields = z.object({
    maxPosition: z.number().max(1).default(0.2).describe("A share."),
    tenant: z.string().meta({ title: "Who pays" }).optional(),
  });
  const form = createGraphContext(resolveSettings({}, {}), { toolNames: ["charge"], contextFields });
  expect(toJsonSchema(form)).toMatchObject({
    properties: {
      maxPosition: { title: "Max position", description: "A share.", default: 0.2, maximum: 1 },
      tenant: { title: "Who pays", type: "string" },
      approveTools: { title: "Approve tools", items: { enum: ["charge"] } },
      maxDurationMs: { title: "Max duration (ms)" },
      maxCostUsd: { title: "Max cost (USD)" },
    },
  });
  expect(toJsonSchema(form)).not.toHaveProperty("required");
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
