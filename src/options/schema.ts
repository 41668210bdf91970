// The options. Each has one entry that says its type, its default, its names in a run's context and on the command
// line, and what it is for. Everything else is made from these entries: the types of options and settings, their check,
// the context's schema, the flags with their help, and the table in docs/options.md. To add an option, add one entry and use
// it.
import { z } from "zod";
import type { EventListener } from "../events/index.js";
import { MCP_SERVERS } from "../mcp/index.js";
import type { NamedModels } from "../models/index.js";
import type { Limits } from "../usage/index.js";
import { WORKERS } from "../workers/index.js";
import { type FieldsOf, type OptionsOf, option, section, toSchema } from "./option.js";
import {
  ANSWER,
  type AnswerOptions,
  EXECUTOR,
  type ExecutorOptions,
  modelIn,
  PLANNER,
  type PlannerOptions,
  REPLANNER,
  type ReplannerOptions,
} from "./roles.js";
import {
  APPROVAL,
  type ApprovalOptions,
  EXPERIMENTAL,
  type ExperimentalOptions,
  LIMITS,
  TOOL_SEARCH,
  type ToolSearchOptions,
} from "./sections.js";
import {
  aFunction,
  BUDGET,
  CACHE,
  CHAT_MODEL,
  CHECKPOINTER,
  MODEL,
  MODEL_NAME,
  MODELS,
  NAMES,
  OWN_FIELDS,
  PLAN_VIEW,
  PLANS,
  PRICES,
  PROJECT,
  RESPONSE_FORMAT,
  SINKS,
  STORE,
  TIMEOUT_MS,
  TIMEZONE,
  TOOLS,
  UNDO,
  WRITTEN_NAMES,
} from "./values.js";

const MODELS_BY_NAME: z.ZodType<NamedModels, NamedModels> = z.record(z.string(), CHAT_MODEL);

/**
 * All options, in the order of the table in docs/options.md. A context's fields and the flags have the same order, models first.
 */
export const OPTIONS = {
  /**
   * The model of every role that has none of its own: a chat model, `"provider:name"`, `"offline"`, or a name in
   * `models`. @default the environment's, else `"offline"`
   */
  model: option(MODEL, {
    name: "model",
    written: MODEL_NAME,
    names: "models",
    effect: "every-role",
    context: modelIn("The model of all roles"),
    flag: {
      group: "models",
      argument: "<model>",
      help: "the model of all roles (default: what the environment says)",
    },
  }),
  /** How plans are made. */
  planner: section<PlannerOptions, typeof PLANNER>(PLANNER),
  /** How steps are carried out. */
  executor: section<ExecutorOptions, typeof EXECUTOR>(EXECUTOR),
  /** When and how plans change. */
  replanner: section<ReplannerOptions, typeof REPLANNER>(REPLANNER),
  /**
   * The closing call. It writes the answer if a plan ended well and does not say what the answer is. @default the
   * replanner's model
   */
  answer: section<AnswerOptions, typeof ANSWER>(ANSWER),
  /**
   * The form of the answer: a zod object. The closing role's model fills it in as `structuredResponse`, unless the
   * answer fits already. @default none
   */
  responseFormat: option(RESPONSE_FORMAT),
  /** The fallbacks of every role that has none of its own. @default none */
  fallbacks: option(MODELS, {
    name: "fallbackModels",
    written: WRITTEN_NAMES,
    names: "models",
    effect: "every-role",
    context: "Models that are asked, in order, where a role's own gives no answer.",
    flag: {
      group: "models",
      argument: "<models>",
      help: "who is asked next where a model gives nothing, with commas between them",
    },
  }),
  /** How long one attempt at a model call may take, in milliseconds. Above 0. @default 120,000 */
  modelTimeoutMs: option(TIMEOUT_MS, { default: 120_000 }),
  /** Chat models by name. Roles and an assistant's context may use these names. @default none */
  models: option(MODELS_BY_NAME),
  /** The time zone of the day that planners are told, such as `"Europe/Berlin"`. @default the process's */
  timezone: option(TIMEZONE, {
    name: "timezone",
    context: 'The person\'s time zone, such as "Europe/Berlin".',
  }),
  /** How chats show the plan: as text, or as a component and an empty message. See docs/chat.md. @default "text" */
  showPlan: option(PLAN_VIEW, {
    default: "text",
    name: "showPlan",
    context: "How the chat shows the plan: as text, or as a card where the client loads the component.",
  }),
  /** The tools of the agent: any LangChain tools. @default none */
  tools: option(TOOLS, {
    name: "tools",
    written: WRITTEN_NAMES,
    names: "tools",
    effect: "narrows",
    context: "The names of the tools that may be used, where that is not all of them; []: none.",
  }),
  /** How tools are chosen for prompts where there are many. See docs/extending.md. */
  toolSearch: section<ToolSearchOptions, typeof TOOL_SEARCH>(TOOL_SEARCH),
  /**
   * MCP servers by name: `{ command, args, env }` is started, `{ url, headers }` is called. Their tools come beside
   * `tools`, as `name__tool`. See docs/mcp.md. @default none
   */
  mcp: option(MCP_SERVERS),
  /**
   * Workers by name: other agents, of which a step may name one. `agent` is a compiled graph with `messages`, such as
   * `createAgent` gives, a `RemoteGraph`, or another agent of ours. See docs/workers.md. @default none
   */
  workers: option(WORKERS, { default: {} }),
  /**
   * Saved plans: plans with parameters, checked when the agent is built. The planner may use one by its name, and
   * `invoke({ plan: { name, with } })` runs one without asking the planner. See docs/extending.md. @default none
   */
  plans: option(PLANS, { default: [] }),
  /**
   * What a working folder says, its AGENTS.md and its skills: what `await loadProject(folder)` gives. Planner and
   * replanner are told of it, and steps read it with the tool `read_project`. See docs/agent-file.md. @default none
   */
  project: option(PROJECT),
  /** What waits for a person, and how requests are asked and answered. */
  approval: section<ApprovalOptions, typeof APPROVAL>(APPROVAL),
  /**
   * Whether tools undo what they did when a run fails, is incomplete or given up (`"onFailure"`), and also when a person
   * cancels its turn (`"onFailureOrCancel"`). See docs/undo.md. @default "never"
   */
  undo: option(UNDO, { default: "never" }),
  /** What a turn may use. A turn that reaches a limit ends with a partial result. @default no limits */
  limits: section<Limits, typeof LIMITS>(LIMITS),
  /** What the turn shares with other runs: what `createBudget` gives. See docs/limits.md. @default none */
  budget: option(BUDGET),
  /** US dollars per million tokens, by the model's name. @default none: costs are not known */
  prices: option(PRICES, {
    default: {},
    name: "price",
    flag: {
      group: "models",
      argument: "<model=in/out>",
      help: "dollars a million tokens in and out; may be repeated",
    },
  }),
  /**
   * A function that gets every event, typed. What it throws is ignored. The `custom` stream has the events too.
   * @default none
   */
  onEvent: option(aFunction<EventListener>()),
  /**
   * Where events are kept or sent to, such as `createAuditLog(...)`. A sink that is slow or broken never hurts a run.
   * See docs/events.md. @default none
   */
  sinks: option(SINKS),
  /** Keeps the state between turns: LangGraph's option of this name. `createCheckpointer` opens one. @default none */
  checkpointer: option(CHECKPOINTER),
  /** LangGraph's option of this name. The agent also keeps finished steps there. @default none */
  store: option(STORE),
  /** LangGraph's option of this name. @default none */
  cache: option(CACHE),
  /**
   * The fields of a run's context that belong to the agent's tools or to a graph around it, as a zod object. Studio
   * shows them. They are checked like the agent's own, and a tool reads them with `parse(config.context ?? {})`.
   * @default none
   */
  contextFields: option(OWN_FIELDS),
  /** Goals to begin with. Clients find them in the input's schema, as `examples` of `input`. @default none */
  examples: option(NAMES),
  /** Options that any version may change or remove. @default off */
  experimental: section<ExperimentalOptions, typeof EXPERIMENTAL>(EXPERIMENTAL),
};

/** The options of `createPlanExecuteAgent`. All of them have a default. */
export interface PlanExecuteOptions extends OptionsOf<typeof OPTIONS> {}

/** The one schema of the options. */
export const OPTIONS_SCHEMA = toSchema(OPTIONS);

/** The fields of all options. */
export type AnyField = FieldsOf<typeof OPTIONS>;
