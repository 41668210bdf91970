import { z } from "zod";
import { toMilliseconds } from "../base/index.js";
import { assertModelName, defaultModel, type ModelEnvironment, type ModelSpec } from "../models/index.js";
import { NO_STANDING_RULES } from "../policy/index.js";
import { limitsSchema, priceSchema } from "../usage/index.js";
import type { PlanExecuteOptions, RoleOptions } from "./options.js";
import { OptionsError } from "./options-error.js";
import type { AgentSettings, RoleSettings } from "./settings.js";

/** A value that is passed on as it is: its own maker checks it. */
const given = <T>(isIt: (value: unknown) => boolean, what: string) => z.custom<T>(isIt, `must be ${what}`);
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isFunction = (value: unknown) => typeof value === "function";
const isChatModel = (value: unknown) => isObject(value) && "invoke" in value && isFunction(value.invoke);
/** `fetch` takes no address with credentials in it. */
const isWebhook = (value: unknown) => {
  if (typeof value !== "string" || !URL.canParse(value)) {
    return false;
  }
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && username === "" && password === "";
};

const count = z.int().min(0);
const positive = z.int().min(1);
/** What a timer can hold: a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const wait = z.number().min(0).max(LONGEST_TIMER_MS);
const duration = z.number().positive().max(LONGEST_TIMER_MS);

const modelSchema = z.union([z.string().min(1), given(isChatModel, "a chat model")], {
  error: 'must be a chat model, "provider:name", "offline", or a name among models',
});
const ROLE = {
  model: modelSchema.optional(),
  fallbacks: z.array(modelSchema).optional(),
  reasoningEffort: z.enum(["minimal", "low", "medium", "high"]).optional(),
  instructions: z.string().optional(),
};

const decisions = z.array(z.enum(["approve", "edit", "reject"])).min(1);
const approvalRuleSchema = z.strictObject({
  allowedDecisions: decisions.optional(),
  description: z.union([z.string(), given(isFunction, "a function")]).optional(),
  when: given(isFunction, "a function").optional(),
  refuse: given(isFunction, "a function").optional(),
});
const outputCheck = z.union([z.enum(["not-empty", "no-error-text"]), given(isFunction, "a function")]);

/** A length of time as an option or a run's context gives it. */
const durationSchema = z
  .union([z.number(), z.string()])
  .refine((given) => toMilliseconds(given) !== undefined, {
    error: 'must be milliseconds, or a text such as "30m", "24h" or "7d"; above zero, at most ten years',
  });

/** What options must look like; an option that is not here is refused by its name. */
const optionsSchema = z.strictObject({
  model: modelSchema.optional(),
  fallbacks: z.array(modelSchema).optional(),
  modelTimeoutMs: duration.optional(),
  models: z.record(z.string(), given(isChatModel, "a chat model")).optional(),
  tools: z.array(z.unknown()).optional(),
  planner: z
    .strictObject({
      ...ROLE,
      method: z.enum(["auto", "tool", "json", "text"]).optional(),
      granularity: z.enum(["coarse", "balanced", "fine"]).optional(),
      maxSteps: positive.optional(),
      pitfalls: z.boolean().optional(),
      actEarly: z.boolean().optional(),
    })
    .optional(),
  executor: z
    .strictObject({
      ...ROLE,
      maxToolRounds: positive.optional(),
      concurrency: positive.optional(),
      order: z.enum(["longest-first", "sequential"]).optional(),
      stepTimeoutMs: duration.optional(),
      retry: z
        .strictObject({
          maxAttempts: positive.optional(),
          baseMs: wait.optional(),
          maxMs: wait.optional(),
        })
        .optional(),
      commitAfterMs: duration.optional(),
      checkOutput: z.record(z.string(), z.union([outputCheck, z.array(outputCheck)])).optional(),
      readOnlyTools: z.array(z.string()).optional(),
      middleware: z.array(z.unknown()).optional(),
    })
    .optional(),
  replanner: z
    .strictObject({
      ...ROLE,
      when: z.union([z.enum(["needed", "every-step"]), given(isFunction, "a function")]).optional(),
      maxReplans: count.optional(),
    })
    .optional(),
  answer: z.strictObject(ROLE).optional(),
  approval: z
    .strictObject({
      plan: z.union([z.boolean(), z.literal("always"), given(isFunction, "a function")]).optional(),
      tools: z.record(z.string(), z.union([z.boolean(), approvalRuleSchema])).optional(),
      expiresAfter: durationSchema.optional(),
      requireRequestId: z.boolean().optional(),
      escalate: z.boolean().optional(),
      onWaiting: z
        .union([given(isWebhook, "a function, or a webhook's address"), given(isFunction, "a function")], {
          error: "must be a function, or an http or https address without a user name and a password",
        })
        .optional(),
    })
    .optional(),
  limits: z.strictObject(limitsSchema.shape).optional(),
  prices: z.record(z.string(), z.strictObject(priceSchema.shape)).optional(),
  onEvent: given(isFunction, "a function").optional(),
  checkpointer: z.union([z.boolean(), given(isObject, "a checkpointer")]).optional(),
  store: given(isObject, "a store").optional(),
  cache: given(isObject, "a cache").optional(),
  offline: z.strictObject({ playbook: given(isFunction, "a function").optional() }).optional(),
  contextKeys: z.array(z.string()).optional(),
  experimental: z.strictObject({ deltaMessages: z.boolean().optional() }).optional(),
});

/** The one place where defaults are applied. Throws an `OptionsError` that names everything that is wrong. */
export function resolveSettings(options: PlanExecuteOptions, environment: ModelEnvironment): AgentSettings {
  assertOptions(options);
  const { planner = {}, executor = {}, replanner = {}, answer = {}, approval = {} } = options;
  const { retry = {} } = executor;
  const model = options.model ?? defaultModel(environment);
  assertModels(options, model, options.model === undefined ? "PLAN_EXECUTE_MODEL" : "model");
  const told = ({ fallbacks, reasoningEffort, instructions }: RoleOptions) => ({
    fallbacks: fallbacks ?? options.fallbacks ?? [],
    reasoningEffort,
    instructions,
  });
  const role = (own: RoleOptions): RoleSettings => ({ model: own.model ?? model, ...told(own) });
  return {
    planner: {
      ...role(planner),
      method: planner.method ?? "auto",
      granularity: planner.granularity ?? "balanced",
      maxSteps: planner.maxSteps ?? 12,
      pitfalls: planner.pitfalls ?? false,
      actEarly: planner.actEarly ?? true,
    },
    executor: {
      ...role(executor),
      maxToolRounds: executor.maxToolRounds ?? 5,
      concurrency: executor.concurrency ?? 8,
      order: executor.order ?? "longest-first",
      stepTimeoutMs: executor.stepTimeoutMs ?? 120_000,
      maxAttempts: retry.maxAttempts ?? 2,
      backoff: { baseMs: retry.baseMs ?? 500, maxMs: retry.maxMs ?? 10_000 },
      commitAfterMs: executor.commitAfterMs ?? 30_000,
      checkOutput: executor.checkOutput ?? {},
      middleware: executor.middleware ?? [],
    },
    replanner: {
      ...role(replanner),
      when: replanner.when ?? "needed",
      maxReplans: replanner.maxReplans ?? 3,
    },
    answer: { model: answer.model, ...told(answer) },
    modelTimeoutMs: options.modelTimeoutMs ?? 120_000,
    approval: {
      plan: approval.plan ?? false,
      tools: approval.tools ?? {},
      standing: NO_STANDING_RULES,
      expiresAfterMs: approval.expiresAfter === undefined ? undefined : toMilliseconds(approval.expiresAfter),
      requireRequestId: approval.requireRequestId ?? false,
      escalate: approval.escalate ?? false,
      onWaiting: approval.onWaiting,
    },
    toolNames: undefined,
    limits: options.limits ?? {},
    prices: { offline: { inputPerMillion: 0, outputPerMillion: 0 }, ...options.prices },
  };
}

function assertOptions(options: PlanExecuteOptions): void {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) {
    return;
  }
  throw new OptionsError("The options of createPlanExecuteAgent", parsed.error.issues.flatMap(toProblems));
}

/** Each problem as a sentence that begins with the option's name. */
export function toProblems(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") {
    return [`${path === "" ? "options" : path}: ${issue.message}`];
  }
  return issue.keys.map((key) => `${[path, key].filter(Boolean).join(".")}: there is no such option`);
}

function assertModels(options: PlanExecuteOptions, model: ModelSpec, from: string): void {
  const { planner, executor, replanner, answer, fallbacks } = options;
  const roles = { planner, executor, replanner, answer };
  const named: [string, ModelSpec | undefined][] = [
    [from, model],
    ...nameEach("fallbacks", fallbacks),
    ...Object.entries(roles).flatMap(([name, role]): [string, ModelSpec | undefined][] => [
      [`${name}.model`, role?.model],
      ...nameEach(`${name}.fallbacks`, role?.fallbacks),
    ]),
  ];
  for (const [where, spec] of named) {
    if (typeof spec === "string") {
      assertModelName(spec, options.models ?? {}, where);
    }
  }
}

function nameEach(option: string, specs: readonly ModelSpec[] = []): [string, ModelSpec][] {
  return specs.map((spec, index) => [`${option}.${index}`, spec]);
}
