// The options of the roles. The other sections are in `sections.ts`, and all options in `schema.ts`. To add an option, add
// an entry to one of them.
import { z } from "zod";
import type { AnswerFunction, PlannerFunction, ReplannerFunction, StepFunction } from "../prompts/index.js";
import { type OptionsOf, option, section } from "./option.js";
import {
  aFunction,
  COUNT,
  MIDDLEWARE,
  MODEL,
  MODEL_NAME,
  MODELS,
  NAMES,
  OUTPUT_CHECKS,
  POSITIVE,
  TIMEOUT_MS,
  WAIT_MS,
  WHEN,
  WRITTEN_WHEN,
} from "./values.js";

/** Creates the options that every role has. Its model has one description for a context's form and one for the help. */
function role<Role extends string>(name: Role, inContext: string, onCommandLine: string) {
  return {
    /** The role's own model. If the answer has none, the replanner's model writes it. @default the agent's `model` */
    model: option(MODEL, {
      name: `${name}Model`,
      written: MODEL_NAME,
      names: "models",
      context: modelIn(inContext),
      flag: { group: "models", argument: "<model>", help: onCommandLine },
    }),
    /** Models to ask, in order, if the role's model gives no usable answer. @default the agent's `fallbacks` */
    fallbacks: option(MODELS),
    /** How hard a reasoning model thinks. Only for models named "provider:name". @default the provider's */
    reasoningEffort: option(z.enum(["minimal", "low", "medium", "high"])),
    /** Text that the model gets after its own prompt. @default nothing */
    instructions: option(z.string()),
  };
}

/** Writes the description of a field that names a model, for a context's form. */
export function modelIn(whose: string): string {
  return `${whose}: "provider:name", "offline", or a name that the graph knows.`;
}

export const PLANNER = {
  ...role("planner", "The planner's model", "the planner's model"),
  /**
   * Plans in place of a model. It gets what a model is told, and gives a plan, a saved plan's name, an answer in words,
   * or why it refuses. See docs/extending.md. @default a model plans
   */
  plan: option(aFunction<PlannerFunction["plan"]>()),
  /** Text that the model gets after its own prompt. @default nothing */
  instructions: option(z.string(), {
    name: "instructions",
    effect: "adds",
    context: "Told to the planner after its own prompt.",
  }),
  /**
   * How the model returns a plan: by a tool call, as JSON that its server holds to the tools' own schemas ("schema"), as
   * JSON of a general schema, or as text. See docs/models.md. @default "auto": what the model can do best
   */
  method: option(z.enum(["auto", "tool", "schema", "json", "text"]), { default: "auto" }),
  /**
   * How much planner, replanner and the closing call are told: "full", or "short" for small models. @default "auto":
   * short where the model plans by "schema"
   */
  prompt: option(z.enum(["auto", "full", "short"]), { default: "auto" }),
  /** The most steps that a plan may have, and that a replanned rest may have. At least 1. @default 12 */
  maxSteps: option(POSITIVE, {
    default: 12,
    name: "maxSteps",
    context: "The most steps that a plan may have.",
    flag: { argument: "<n>", help: "the most steps of a plan" },
  }),
  /** How fine a plan is: coarse has 2 to 4 steps, balanced 3 to 7, fine up to `maxSteps`. @default "balanced" */
  granularity: option(z.enum(["coarse", "balanced", "fine"]), {
    default: "balanced",
    name: "granularity",
    context: "How fine a plan is: coarse 2 to 4 steps, balanced 3 to 7, fine up to maxSteps.",
    flag: { argument: "<how>", help: "coarse, balanced or fine" },
  }),
  /** Whether the plan says what can go wrong at a step. The step's executor gets these warnings. @default false */
  pitfalls: option(z.boolean(), { default: false }),
  /**
   * Whether steps that only read start while the model is still writing the plan or a replanned rest: direct steps with
   * read-only tools, and, without limits on a turn, agents that name such tools and wait for nothing. If plans need
   * approval or steps run one at a time, no step starts early. @default true
   */
  actEarly: option(z.boolean(), {
    default: true,
    name: "actEarly",
    context: "Whether steps that only read start while the plan is still being written.",
  }),
};

/** How plans are made. */
export interface PlannerOptions extends OptionsOf<typeof PLANNER> {}

const RETRY = {
  /**
   * The most attempts at a tool call that is worth retrying, including the first. A call with bad arguments is never
   * retried. At least 1. @default 2
   */
  maxAttempts: option(POSITIVE, { default: 2 }),
  /** The wait before the second attempt, in milliseconds. It doubles before each further attempt. @default 500 */
  baseMs: option(WAIT_MS, { default: 500 }),
  /** The longest wait, in milliseconds. @default 10,000 */
  maxMs: option(WAIT_MS, { default: 10_000 }),
};

/** How often to try a tool call that is worth retrying, and how long to wait between the attempts. */
export interface RetryOptions extends OptionsOf<typeof RETRY> {}

export const EXECUTOR = {
  ...role("executor", "The executor's model", "the model that carries out steps"),
  /**
   * A better model, for the steps that the planner marks with `model: "strong"`. The role's own model and its fallbacks
   * stand in for it. Without it the planner is not told of it, and a mark has no effect. @default none
   */
  strongModel: option(MODEL, {
    name: "strongModel",
    written: MODEL_NAME,
    names: "models",
    context: modelIn("A better model, for the steps that the planner marks for it"),
    flag: { group: "models", argument: "<model>", help: "the model of steps that the planner marks as hard" },
  }),
  /**
   * Carries out agent steps in place of a model. The model still makes the arguments of a tool where a plan leaves them
   * out. Its time limit is `stepTimeoutMs`. @default an agent with the role's model
   */
  run: option(aFunction<StepFunction["run"]>()),
  /**
   * How the model calls tools and gives results: by its server's own tool calling, or by JSON of a schema made from the
   * tools, for models that only write what looks like calls. See docs/models.md. @default "auto": tool calling, until the
   * model is seen not to have it
   */
  method: option(z.enum(["auto", "tool", "schema"]), { default: "auto" }),
  /** The most steps that run at once. Each item of a for-each step counts. At least 1. @default 8 */
  concurrency: option(POSITIVE, {
    default: 8,
    name: "concurrency",
    context: "How many steps run at once.",
    flag: { argument: "<n>", help: "how many steps run at once" },
  }),
  /**
   * How often the model of an agent step may call tools. At least 1. To limit a whole turn, use `limits.maxModelCalls`.
   * @default 5
   */
  maxToolRounds: option(POSITIVE, {
    default: 5,
    name: "maxToolRounds",
    context: "How often the model of an agent step may call tools.",
  }),
  /**
   * The order in which ready steps start: `longest-first`, or `sequential`, which is plan order, one at a time.
   * @default "longest-first"
   */
  order: option(z.enum(["longest-first", "sequential"]), { default: "longest-first" }),
  /** How long one attempt at a tool call may take, in milliseconds. Above 0. @default 120,000 */
  stepTimeoutMs: option(TIMEOUT_MS, { default: 120_000 }),
  /** How often to try a tool call that is worth retrying, and how long to wait between the attempts. */
  retry: section<RetryOptions, typeof RETRY>(RETRY),
  /** After this many milliseconds, a superstep is committed as soon as nothing runs. @default 30,000 */
  commitAfterMs: option(TIMEOUT_MS, { default: 30_000 }),
  /**
   * Checks of tools' outputs, by the tool's name: `"not-empty"`, `"no-error-text"`, a function, or a list of these. If
   * an output fails its check, the step is `unexpected`. @default nothing
   */
  checkOutput: option(OUTPUT_CHECKS, { default: {} }),
  /**
   * LangChain middleware for agent steps, the outermost first. It sees the real requests, messages and calls. It cannot
   * bypass approvals or the limits on model calls. What a middleware keeps in its state survives a wait for a person.
   * What it keeps in variables does not. @default none
   */
  middleware: option(MIDDLEWARE, { default: [] }),
  /** Names of tools that change nothing. For tools without `metadata.readOnly`. @default none */
  readOnlyTools: option(NAMES),
};

/** How steps are carried out. */
export interface ExecutorOptions extends OptionsOf<typeof EXECUTOR> {}

export const REPLANNER = {
  ...role("replanner", "The replanner's model", "the model that changes plans and answers"),
  /** Changes plans in place of a model, like `planner.plan`. It also gets the causes. @default a model replans */
  replan: option(aFunction<ReplannerFunction["replan"]>()),
  /**
   * How often the plan of a turn may change. With 0, it never changes, and a failure ends the run as incomplete.
   * @default 3
   */
  maxReplans: option(COUNT, {
    default: 3,
    name: "maxReplans",
    context: "How often a plan may change; 0: not at all.",
    flag: { argument: "<n>", help: "how often the plan may change" },
  }),
  /**
   * When to ask the replanner: `needed`, `every-step`, or a function of the progress that is called each time a step
   * settles. If the function throws, that counts as a yes (event `policy.failed`). @default "needed"
   */
  when: option(WHEN, {
    default: "needed",
    name: "replanWhen",
    written: WRITTEN_WHEN,
    context: "When the replanner's model is asked: only when something went wrong, or after every step.",
    flag: { argument: "<when>", help: "needed or every-step" },
  }),
};

/** When and how plans change. */
export interface ReplannerOptions extends OptionsOf<typeof REPLANNER> {}

/** What the answer's role has in common with every other. */
export const COMMON = role("answer", "The model of the closing answer", "the model of the closing answer");

/** The options that every role has. */
export interface RoleOptions extends OptionsOf<typeof COMMON> {}

export const ANSWER = {
  ...COMMON,
  /** Writes the closing answer in place of a model, or says what is missing. @default a model writes it */
  write: option(aFunction<AnswerFunction["write"]>()),
};

/** The closing answer. */
export interface AnswerOptions extends OptionsOf<typeof ANSWER> {}
