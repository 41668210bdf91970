import { tool } from "@langchain/core/tools";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createPlanExecuteAgent, OptionsError, type PlanExecuteOptions } from "../../src/agent/index.js";
import type { OptionsOf } from "../../src/options/option.js";
import type { LIMITS } from "../../src/options/sections.js";
import { resolveSettings } from "../../src/options/settings.js";
import type { Limits } from "../../src/usage/index.js";
import { echo } from "../support/agent-run.js";
import { scriptedByRole } from "../support/scripted-model.js";

/** What building with these options throws; they may be anything, as from JavaScript. */
function errorOf(options: object): unknown {
  try {
    createPlanExecuteAgent(options as PlanExecuteOptions);
  } catch (error) {
    return error;
  }
  return undefined;
}

function problemsOf(options: object): readonly string[] {
  const error = errorOf(options);
  return error instanceof OptionsError ? error.problems : [`no OptionsError but ${String(error)}`];
}

test("without any option there is an agent, and the defaults are these", () => {
  expect(errorOf({})).toBeUndefined();
  const role = { model: "offline", fallbacks: [] };
  expect(resolveSettings({}, {})).toEqual({
    planner: {
      ...role,
      method: "auto",
      prompt: "auto",
      granularity: "balanced",
      maxSteps: 12,
      pitfalls: false,
      actEarly: true,
    },
    executor: {
      ...role,
      method: "auto",
      maxToolRounds: 5,
      concurrency: 8,
      order: "longest-first",
      stepTimeoutMs: 120_000,
      maxAttempts: 2,
      backoff: { baseMs: 500, maxMs: 10_000 },
      commitAfterMs: 30_000,
      checkOutput: {},
      middleware: [],
    },
    replanner: { ...role, when: "needed", maxReplans: 3 },
    answer: { fallbacks: [] },
    modelTimeoutMs: 120_000,
    showPlan: "text",
    toolSearch: { from: 30, limit: 30 },
    workers: {},
    plans: [],
    approval: {
      holdsDestructive: false,
      plan: false,
      tools: {},
      requireRequestId: false,
      standing: { plan: "never", tools: [], calls: [], requireRequestId: false },
      escalate: false,
    },
    undo: "never",
    limits: {},
    experimental: { deltaMessages: false },
    prices: { offline: { inputPerMillion: 0, outputPerMillion: 0 } },
  });
});

test("the limits that may be given are those that are kept", () => {
  expectTypeOf<OptionsOf<typeof LIMITS>>().toEqualTypeOf<Limits>();
});

test("a role without fallbacks of its own has the agent's", () => {
  const { planner, answer } = resolveSettings({ fallbacks: ["a:b"], planner: { fallbacks: ["c:d"] } }, {});
  expect([planner.fallbacks, answer.fallbacks]).toEqual([["c:d"], ["a:b"]]);
  expect(errorOf({ executor: { fallbacks: ["gpt-5"] } })).toMatchObject({ code: "MODEL_UNKNOWN" });
});

const price = { inputPerMillion: 1, outputPerMillion: 1 };
test.each<[string, PlanExecuteOptions, string[]]>([
  ["a role's model", { model: "a:b", limits: { maxCostUsd: 1 } }, ['"a:b" (planner.model)']],
  [
    "a fallback",
    { model: "a:b", answer: { fallbacks: ["e:f"] }, executor: { fallbacks: ["c:d"] }, prices: { b: price } },
    ['"c:d" (executor.fallbacks.0)'],
  ],
  [
    "an instance",
    { models: { mine: scriptedByRole({}) }, answer: { model: "mine" } },
    ['"scripted" (answer.model)'],
  ],
])("under maxCostUsd a model without a price is named: %s", (_, options, named) => {
  const problems = problemsOf({ limits: { maxCostUsd: 1 }, ...options });
  expect(problems.map((problem) => problem.slice("limits.maxCostUsd: ".length).split(" has")[0])).toEqual(
    named,
  );
  expect(errorOf({ ...options, limits: {} })).toBeUndefined();
});

test("what is given takes the place of each default, and a role's model of the agent's", () => {
  const model = scriptedByRole({});
  const own = scriptedByRole({});
  const given = {
    planner: { model: own, method: "text", granularity: "fine", maxSteps: 3, pitfalls: true },
    executor: { maxToolRounds: 1, concurrency: 2, order: "sequential", stepTimeoutMs: 5, commitAfterMs: 6 },
    replanner: { when: "every-step", maxReplans: 0, instructions: "i", reasoningEffort: "high" },
    approval: { plan: "always", requireRequestId: true },
  } as const;
  const settings = resolveSettings(
    { model, ...given, executor: { ...given.executor, retry: { maxAttempts: 9 } } },
    {},
  );
  expect(settings).toMatchObject({ ...given, replanner: { ...given.replanner, model } });
  expect(settings.executor).toMatchObject({ model, maxAttempts: 9, backoff: { baseMs: 500, maxMs: 10_000 } });
});

test.each([
  [{ modle: "x" }, "modle"],
  [{ planner: { maxStep: 3 } }, "planner.maxStep"],
  [{ executor: { timeout: 3 } }, "executor.timeout"],
  [{ executor: { retry: { attempts: 3 } } }, "executor.retry.attempts"],
  [{ replanner: { max: 3 } }, "replanner.max"],
  [{ answer: { temperature: 3 } }, "answer.temperature"],
  [{ approval: { tool: {} } }, "approval.tool"],
  [{ tools: [echo], approval: { tools: { echo: { allow: true } } } }, "approval.tools.echo"],
  [{ limits: { maxCalls: 3 } }, "limits.maxCalls"],
  [{ prices: { m: { inputPerMillion: 1, outputPerMillion: 1, cached: 1 } } }, "prices.m.cached"],
])("an option that there is not is named: %j", (options, name) => {
  const [problem = "", ...others] = problemsOf(options);
  expect(others).toEqual([]);
  expect(problem.startsWith(name)).toBe(true);
});

const numbers = [
  ["planner.maxSteps", (value: unknown) => ({ planner: { maxSteps: value } })],
  ["executor.maxToolRounds", (value: unknown) => ({ executor: { maxToolRounds: value } })],
  ["executor.concurrency", (value: unknown) => ({ executor: { concurrency: value } })],
  ["executor.stepTimeoutMs", (value: unknown) => ({ executor: { stepTimeoutMs: value } })],
  ["executor.commitAfterMs", (value: unknown) => ({ executor: { commitAfterMs: value } })],
  ["executor.retry.maxAttempts", (value: unknown) => ({ executor: { retry: { maxAttempts: value } } })],
  ["limits.maxModelCalls", (value: unknown) => ({ limits: { maxModelCalls: value } })],
  ["limits.maxTokens", (value: unknown) => ({ limits: { maxTokens: value } })],
  ["limits.maxCostUsd", (value: unknown) => ({ limits: { maxCostUsd: value } })],
  ["limits.maxDurationMs", (value: unknown) => ({ limits: { maxDurationMs: value } })],
] as const;

test.each(numbers)("%s is a number above zero", (name, optionsWith) => {
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "3", null]) {
    const problems = problemsOf(optionsWith(value));
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([name]);
  }
  expect(problemsOf(optionsWith(1))).toEqual(["no OptionsError but undefined"]);
});

test("some numbers may be zero, none may be negative", () => {
  const options = (value: number) => ({
    replanner: { maxReplans: value },
    executor: { retry: { baseMs: value, maxMs: value } },
    prices: { m: { inputPerMillion: value, outputPerMillion: value } },
  });
  expect(errorOf(options(0))).toBeUndefined();
  expect(problemsOf(options(-1)).map((problem) => problem.split(":")[0])).toEqual([
    "executor.retry.baseMs",
    "executor.retry.maxMs",
    "replanner.maxReplans",
    "prices.m.inputPerMillion",
    "prices.m.outputPerMillion",
  ]);
});

test("a time that no timer can hold is refused, since it would be up at once", () => {
  expect(problemsOf({ executor: { stepTimeoutMs: 2 ** 31 } })).toHaveLength(1);
  expect(errorOf({ executor: { stepTimeoutMs: 2 ** 31 - 1 } })).toBeUndefined();
});

test.each([
  { model: 5 },
  { model: {} },
  { model: "" },
  { models: { mine: "openai:x" } },
  { onEvent: "log" },
  { checkpointer: 5 },
  { planner: { method: "yaml" } },
  { planner: { granularity: "tiny" } },
  { replanner: { when: "never" } },
  { approval: { plan: "sometimes" } },
  { approval: { requireRequestId: "yes" } },
  { approval: { expiresAfter: "tomorrow" } },
  { approval: { expiresAfter: 0 } },
  { approval: { onWaiting: "hooks.example" } },
  { approval: { onWaiting: "file:///etc/passwd" } },
  { approval: { onWaiting: 5 } },
  { approval: { expiresAfter: "11000d" } },
  { executor: { order: "random" } },
  { planner: { reasoningEffort: "max" } },
  { tools: "all" },
])("a value of the wrong kind is refused: %j", (options) => {
  const [name] = Object.keys(options);
  expect(problemsOf(options)).toHaveLength(1);
  expect(problemsOf(options)[0]?.startsWith(name ?? "?")).toBe(true);
});

test("one error names everything that is wrong", () => {
  const error = errorOf({ modle: 1, planner: { maxSteps: 0 }, limits: { maxTokens: -1, max: 2 } });
  expect(error).toMatchObject({ code: "INVALID_OPTIONS", name: "OptionsError" });
  expect(String(error)).toMatch(/- planner\.maxSteps: .*\n/);
  expect(problemsOf({ modle: 1, planner: { maxSteps: 0 }, limits: { maxTokens: -1, max: 2 } })).toHaveLength(
    4,
  );
});

test("tools that cannot be used are named", () => {
  const twin = tool(() => "", { name: "echo", description: "", schema: z.object({}) });
  expect(errorOf({ tools: [echo, twin] })).toMatchObject({ code: "DUPLICATE_TOOL", toolName: "echo" });
  const bare = { name: "bare", description: "", invoke: () => "" };
  expect(errorOf({ tools: [bare] })).toMatchObject({ code: "MISSING_SCHEMA", toolName: "bare" });
  expect(errorOf({ tools: [null] })).toMatchObject({ code: "NOT_A_TOOL" });
  expect(errorOf({ tools: [echo], executor: { readOnlyTools: ["ecko"] } })).toMatchObject({
    toolName: "ecko",
  });
});

test("rules about tools that are not there are refused: a misspelt one would hold nothing", () => {
  const options = {
    tools: [echo],
    approval: { tools: { ecko: true } },
    executor: { checkOutput: { ehco: "not-empty" } },
  };
  expect(problemsOf(options)).toEqual([
    "approval.tools.ecko: there is no tool of this name; did you mean echo?",
    "executor.checkOutput.ehco: there is no tool of this name; did you mean echo?",
  ]);
});

test.each([
  [{ model: "gpt" }, "model is"],
  [{ planner: { model: "gpt" } }, "planner.model is"],
  [{ executor: { model: "gpt" } }, "executor.model is"],
  [{ replanner: { model: "gpt" } }, "replanner.model is"],
  [{ answer: { model: "gpt" } }, "answer.model is"],
])("a name that means no model is refused with its place: %j", (options, words) => {
  const error = errorOf({ ...options, models: { mine: scriptedByRole({}) } });
  expect(error).toMatchObject({ code: "MODEL_UNKNOWN" });
  expect(String(error)).toContain(words);
  expect(String(error)).toContain("mine");
});

test("a name in the environment that means no model is refused with the variable's name", () => {
  const build = () => resolveSettings({}, { PLAN_EXECUTE_MODEL: "gpt" });
  expect(build).toThrow('PLAN_EXECUTE_MODEL is "gpt"');
});
