import type { z } from "zod";
import { assertModelName, defaultModel, type ModelEnvironment, type ModelSpec } from "../models/index.js";
import type { AgentSettings, RoleSettings } from "../nodes/index.js";
import { NO_STANDING_RULES, toMilliseconds } from "../policy/index.js";
import type { PlanExecuteOptions, RoleOptions } from "./options.js";
import { OptionsError } from "./options-error.js";
import { optionsSchema } from "./options-schema.js";

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
  if (parsed.success) return;
  throw new OptionsError("The options of createPlanExecuteAgent", parsed.error.issues.flatMap(toProblems));
}

/** Each problem as a sentence that begins with the option's name. */
export function toProblems(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String).join(".");
  if (issue.code !== "unrecognized_keys") return [`${path === "" ? "options" : path}: ${issue.message}`];
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
    if (typeof spec === "string") assertModelName(spec, options.models ?? {}, where);
  }
}

function nameEach(option: string, specs: readonly ModelSpec[] = []): [string, ModelSpec][] {
  return specs.map((spec, index) => [`${option}.${index}`, spec]);
}
