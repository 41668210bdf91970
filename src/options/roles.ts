// What can be said of each role. A new option is an entry here, or in schema.ts.
import { z } from "zod";
import { type OptionsOf, option, section } from "./option.js";
import {
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

/** What every role can be given; its model is called differently in a context's form and in the help. */
function role<Role extends string>(name: Role, inContext: string, onCommandLine: string) {
  return {
    /** The role's own model; if the answer has none, it is the replanner's. @default the agent's `model` */
    model: option(MODEL, {
      name: `${name}Model`,
      written: MODEL_NAME,
      names: "models",
      context: modelIn(inContext),
      flag: { group: "models", argument: "<model>", help: onCommandLine },
    }),
    /** Who is asked, in order, if the model gives no answer that can be used. @default the agent's `fallbacks` */
    fallbacks: option(MODELS),
    /** How hard a reasoning model thinks; only for models named "provider:name". @default the provider's */
    reasoningEffort: option(z.enum(["minimal", "low", "medium", "high"])),
    /** Told to the model after its own prompt. @default nothing */
    instructions: option(z.string()),
  };
}

/** The words of a context's form on a field that names a model. */
export function modelIn(whose: string): string {
  return `${whose}: "provider:name", "offline", or a name that the graph knows.`;
}

export const PLANNER = {
  ...role("planner", "The planner's model", "the planner's model"),
  /** Told to the model after its own prompt. @default nothing */
  instructions: option(z.string(), {
    name: "instructions",
    effect: "adds",
    context: "Told to the planner after its own prompt.",
  }),
  /** How a plan is handed in: by a tool call, as JSON of a schema, or as text. @default "auto": what the model can do */
  method: option(z.enum(["auto", "tool", "json", "text"]), { default: "auto" }),
  /** The most steps that a plan, or a new remainder, may have; from 1. @default 12 */
  maxSteps: option(POSITIVE, {
    default: 12,
    name: "maxSteps",
    context: "The most steps that a plan may have.",
    flag: { argument: "<n>", help: "the most steps of a plan" },
  }),
  /** How fine the steps are: coarse 2 to 4, balanced 3 to 7, fine up to `maxSteps`. @default "balanced" */
  granularity: option(z.enum(["coarse", "balanced", "fine"]), {
    default: "balanced",
    name: "granularity",
    context: "How fine a plan is: coarse 2 to 4 steps, balanced 3 to 7, fine up to maxSteps.",
    flag: { argument: "<how>", help: "coarse, balanced or fine" },
  }),
  /** Whether the plan names what can go wrong at a step; the step's executor is told. @default false */
  pitfalls: option(z.boolean(), { default: false }),
  /**
   * Whether direct steps of read-only tools start while the plan, or a new remainder, is still being written; never if
   * plans wait for a person, or steps run one at a time. @default true
   */
  actEarly: option(z.boolean(), { default: true }),
};

/** How plans are made. */
export interface PlannerOptions extends OptionsOf<typeof PLANNER> {}

const RETRY = {
  /** Attempts at a tool call that is worth retrying, the first included; never for bad arguments. From 1. @default 2 */
  maxAttempts: option(POSITIVE, { default: 2 }),
  /** The wait before the second attempt, in milliseconds; it doubles with each further one. @default 500 */
  baseMs: option(WAIT_MS, { default: 500 }),
  /** The longest wait, in milliseconds. @default 10,000 */
  maxMs: option(WAIT_MS, { default: 10_000 }),
};

/** Attempts at a tool call that is worth retrying, and the waits between them. */
export interface RetryOptions extends OptionsOf<typeof RETRY> {}

export const EXECUTOR = {
  ...role("executor", "The executor's model", "the model that carries out steps"),
  /** How many steps, items of for-each steps included, run at once; from 1. @default 8 */
  concurrency: option(POSITIVE, {
    default: 8,
    name: "concurrency",
    context: "How many steps run at once.",
    flag: { argument: "<n>", help: "how many steps run at once" },
  }),
  /**
   * How often an agent step's model may call tools; from 1. For all of a turn together: `limits.maxModelCalls`.
   * @default 5
   */
  maxToolRounds: option(POSITIVE, {
    default: 5,
    name: "maxToolRounds",
    context: "How often the model of an agent step may call tools.",
  }),
  /** `longest-first`, or `sequential`: plan order, one at a time. @default "longest-first" */
  order: option(z.enum(["longest-first", "sequential"]), { default: "longest-first" }),
  /** How long one attempt at a tool call may take, in milliseconds; from 1. @default 120,000 */
  stepTimeoutMs: option(TIMEOUT_MS, { default: 120_000 }),
  /** Attempts at a tool call that is worth retrying, and the waits between them; never for bad arguments. */
  retry: section<RetryOptions, typeof RETRY>(RETRY),
  /** After how many milliseconds a superstep is committed at the next moment at which nothing runs. @default 30,000 */
  commitAfterMs: option(TIMEOUT_MS, { default: 30_000 }),
  /**
   * What a tool's output must satisfy, by the tool's name: `"not-empty"`, `"no-error-text"`, a function. A step whose
   * output does not is `unexpected`. @default nothing
   */
  checkOutput: option(OUTPUT_CHECKS, { default: {} }),
  /**
   * LangChain's middleware for agent steps, the outermost first. It sees their real requests, messages and calls; what
   * waits for a person waits all the same, and no call of a model gets past the limits. What a middleware keeps in its
   * state survives a wait; what it keeps in variables does not. @default none
   */
  middleware: option(MIDDLEWARE, { default: [] }),
  /** Names of tools that change nothing, for those without `metadata.readOnly`. @default none */
  readOnlyTools: option(NAMES),
};

/** How steps are carried out. */
export interface ExecutorOptions extends OptionsOf<typeof EXECUTOR> {}

export const REPLANNER = {
  ...role("replanner", "The replanner's model", "the model that changes plans and answers"),
  /** How often a turn's plan may change; 0: not at all, a failure ends the run as incomplete. @default 3 */
  maxReplans: option(COUNT, {
    default: 3,
    name: "maxReplans",
    context: "How often a plan may change; 0: not at all.",
    flag: { argument: "<n>", help: "how often the plan may change" },
  }),
  /**
   * `needed`, `every-step`, or a function of the progress, asked each time a step settles; one that throws counts as a
   * yes (event `policy.failed`). @default "needed"
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

export const ANSWER = role("answer", "The model of the closing answer", "the model of the closing answer");

/** What every role can be given. */
export interface RoleOptions extends OptionsOf<typeof ANSWER> {}
