import type { Backoff } from "../base/index.js";
import {
  assertModelName,
  assertModelNeeds,
  defaultModel,
  type ModelEnvironment,
  type ModelSpec,
  type RoleModels,
} from "../models/index.js";
import { type ApprovalTools, NO_STANDING_RULES, type StandingRules } from "../policy/index.js";
import type { SettingsOf } from "./option.js";
import { OptionsError, toProblems } from "./options-error.js";
import type { ANSWER, EXECUTOR, PLANNER, REPLANNER } from "./roles.js";
import { type OPTIONS, OPTIONS_SCHEMA, type PlanExecuteOptions } from "./schema.js";
import type { APPROVAL } from "./sections.js";

/** The models of a role, and the text that they get in addition to the role's own prompt. */
export interface RoleSettings extends RoleModels {
  readonly instructions?: string;
}

type OwnSettings<Entries extends object> = Omit<SettingsOf<Entries>, keyof RoleSettings>;

interface PlannerSettings extends RoleSettings, OwnSettings<typeof PLANNER> {}
interface ReplannerSettings extends RoleSettings, OwnSettings<typeof REPLANNER> {}

interface ExecutorSettings extends RoleSettings, Omit<OwnSettings<typeof EXECUTOR>, "retry"> {
  /** The most attempts at a tool call. */
  readonly maxAttempts: number;
  /** The waits between the attempts. */
  readonly backoff: Backoff;
}

interface AnswerSettings extends Omit<RoleSettings, "model">, OwnSettings<typeof ANSWER> {
  /** If there is none, the replanner's model writes the answer. */
  readonly model?: ModelSpec;
}

interface ApprovalSettings extends Omit<SettingsOf<typeof APPROVAL>, "tools"> {
  readonly tools: ApprovalTools;
  /** Whether all tools wait that may destroy something. */
  readonly holdsDestructive: boolean;
  /** The rules that the turn keeps. There are none before it has begun. */
  readonly standing: StandingRules;
}

/** The settings of a run: the options with their defaults applied. */
export interface AgentSettings
  extends Omit<
    SettingsOf<typeof OPTIONS>,
    "planner" | "executor" | "replanner" | "answer" | "approval" | "model" | "fallbacks"
  > {
  readonly planner: PlannerSettings;
  readonly executor: ExecutorSettings;
  readonly replanner: ReplannerSettings;
  readonly answer: AnswerSettings;
  readonly approval: ApprovalSettings;
  /** The tools that the run may use. Undefined means all tools of the agent. */
  readonly toolNames: readonly string[] | undefined;
}

/** The offline model costs nothing. Its price is known, so it works with `limits.maxCostUsd`. */
const OFFLINE_PRICE = { offline: { inputPerMillion: 0, outputPerMillion: 0 } };

/** Checks options and turns them into settings. Throws an `OptionsError` that lists everything that is wrong. */
export function resolveSettings(options: PlanExecuteOptions, environment: ModelEnvironment): AgentSettings {
  const { model: given, fallbacks: all = [], ...others } = checkOptions(options);
  const model = given ?? defaultModel(environment);
  assertOnePlayer(options);
  assertModels(options, model, environment, given === undefined ? "PLAN_EXECUTE_MODEL" : "model");
  const { retry, ...executor } = others.executor;
  const { maxAttempts, ...backoff } = retry;
  const { tools: held } = others.approval;
  const told = others.project?.instructions;
  const role = <Own extends Partial<RoleSettings>>(own: Own) => ({
    ...own,
    model: own.model ?? model,
    fallbacks: own.fallbacks ?? all,
  });
  return {
    ...others,
    planner: withProject(role(others.planner), told),
    executor: { ...role(executor), maxAttempts, backoff },
    replanner: withProject(role(others.replanner), told),
    answer: { ...others.answer, fallbacks: others.answer.fallbacks ?? all },
    approval: {
      ...others.approval,
      tools: held === "destructive" ? {} : held,
      holdsDestructive: held === "destructive",
      standing: NO_STANDING_RULES,
    },
    toolNames: undefined,
    prices: { ...OFFLINE_PRICE, ...others.prices },
  };
}

/** What the project says comes before the instructions, which may say otherwise. */
function withProject<Role extends RoleSettings>(role: Role, told: string | undefined): Role {
  return told ? { ...role, instructions: [told, role.instructions ?? []].flat().join("\n\n") } : role;
}

function checkOptions(options: PlanExecuteOptions): SettingsOf<typeof OPTIONS> {
  const { success, data, error } = OPTIONS_SCHEMA.safeParse(options);
  if (!success) {
    throw new OptionsError("The options of createPlanExecuteAgent", error.issues.flatMap(toProblems));
  }
  return data;
}

/** Throws if a role has a function and models too. The executor may have both, because its model makes arguments. */
function assertOnePlayer({ planner, replanner, answer }: PlanExecuteOptions): void {
  const players = [
    ["planner", "plan", planner?.plan, planner],
    ["replanner", "replan", replanner?.replan, replanner],
    ["answer", "write", answer?.write, answer],
  ] as const;
  const problems = players.flatMap(([role, name, player, own]) =>
    (["model", "fallbacks"] as const)
      .filter((option) => player !== undefined && own?.[option] !== undefined)
      .map((option) => `${role}.${name}: a function plays this role; leave ${role}.${option} out`),
  );
  if (problems.length > 0) {
    throw new OptionsError("The options of createPlanExecuteAgent", problems);
  }
}

/** Throws if a name in the options does not stand for a model that can be called. `from` says where `model` comes from. */
function assertModels(
  options: PlanExecuteOptions,
  model: ModelSpec,
  environment: ModelEnvironment,
  from: string,
): void {
  const { planner, executor, replanner, answer, fallbacks } = options;
  const roles = { planner, executor, replanner, answer };
  const named: [string, ModelSpec | undefined][] = [
    [from, model],
    ...nameEach("fallbacks", fallbacks),
    ["executor.strongModel", executor?.strongModel],
    ...Object.entries(roles).flatMap(([name, role]): [string, ModelSpec | undefined][] => [
      [`${name}.model`, role?.model],
      ...nameEach(`${name}.fallbacks`, role?.fallbacks),
    ]),
  ];
  for (const [where, spec] of named) {
    if (typeof spec === "string") {
      assertModelName(spec, options.models ?? {}, where);
      assertModelNeeds(spec, options.models ?? {}, environment, where);
    }
  }
}

function nameEach(option: string, specs: readonly ModelSpec[] = []): [string, ModelSpec][] {
  return specs.map((spec, index) => [`${option}.${index}`, spec]);
}
