import type { BaseCheckpointSaver, BaseStore, StateGraph } from "@langchain/langgraph";
import type { AgentMiddleware } from "langchain";
import type { Duration } from "../base/index.js";
import type { EventListener } from "../events/index.js";
import type { ModelSpec, NamedModels, Playbook, ReasoningEffort } from "../models/index.js";
import type { ApprovalTools, PlanApproval, ReplanWhen } from "../policy/index.js";
import type { Granularity, PlanMethod } from "../prompts/index.js";
import type { ScheduleOrder } from "../scheduler/index.js";
import type { AgentTool } from "../tools/index.js";
import type { Limits, Prices } from "../usage/index.js";
import type { OnWaiting, OutputCheck } from "./settings.js";

/** A cache as `compile` takes it: LangGraph does not export its type. */
type GraphCache = NonNullable<Parameters<StateGraph<object>["compile"]>[0]>["cache"];

/** What every role can be given. */
export interface RoleOptions {
  /** The role's own model. @default the agent's `model` */
  readonly model?: ModelSpec;
  /** Who is asked, in order, where the model gives no answer that can be used. @default the agent's `fallbacks` */
  readonly fallbacks?: readonly ModelSpec[];
  /** How hard a reasoning model thinks; only for models named "provider:name". @default the provider's */
  readonly reasoningEffort?: ReasoningEffort;
  /** Told to the model after its own prompt. @default nothing */
  readonly instructions?: string;
}

/** How plans are made. */
export interface PlannerOptions extends RoleOptions {
  /** How a plan is handed in: by a tool call, as JSON of a schema, or as text. @default "auto": what the model can do */
  readonly method?: PlanMethod | "auto";
  /** How fine the steps are: coarse 2 to 4, balanced 3 to 7, fine up to `maxSteps`. @default "balanced" */
  readonly granularity?: Granularity;
  /** The most steps that a plan, or a new remainder, may have; from 1. @default 12 */
  readonly maxSteps?: number;
  /** Whether the plan names what can go wrong at a step, for the step's executor. @default false */
  readonly pitfalls?: boolean;
  /**
   * Whether direct steps of read-only tools start while the plan, or a new remainder, is still written; never where
   * plans wait for a person, or steps run one at a time. @default true
   */
  readonly actEarly?: boolean;
}

/** How steps are carried out. */
export interface ExecutorOptions extends RoleOptions {
  /** How often an agent step's model may call tools; from 1. @default 5 */
  readonly maxToolRounds?: number;
  /** How many steps, items of for-each steps included, run at once; from 1. @default 8 */
  readonly concurrency?: number;
  /** `longest-first`, or `sequential`: plan order, one at a time. @default "longest-first" */
  readonly order?: ScheduleOrder;
  /** How long one attempt at a tool call may take, in milliseconds; from 1. @default 120,000 */
  readonly stepTimeoutMs?: number;
  /** Attempts at a tool call that is worth retrying, and the waits between them in milliseconds. */
  readonly retry?: {
    /** From 1. @default 2 */
    readonly maxAttempts?: number;
    /** The wait before the second attempt; it doubles with each further one. @default 500 */
    readonly baseMs?: number;
    /** The longest wait. @default 10,000 */
    readonly maxMs?: number;
  };
  /** After how many milliseconds a superstep is committed at the next moment at which nothing runs. @default 30,000 */
  readonly commitAfterMs?: number;
  /** What a tool's output must satisfy, by the tool's name; a step that does not is `unexpected`. @default nothing */
  readonly checkOutput?: Readonly<Record<string, OutputCheck | readonly OutputCheck[]>>;
  /**
   * LangChain's middleware for agent steps, the outermost first. It sees their real requests, messages and calls; what
   * waits for a person waits all the same, and no call of a model gets past the limits. What a middleware keeps in its
   * state survives a wait; what it keeps in variables does not. @default none
   */
  readonly middleware?: readonly AgentMiddleware[];
  /** Names of tools that change nothing, for those that do not say so in their metadata. @default none */
  readonly readOnlyTools?: readonly string[];
}

/** When and how plans change. */
export interface ReplannerOptions extends RoleOptions {
  /** `needed`, `every-step`, or a function of the progress, asked each time a step settles. @default "needed" */
  readonly when?: ReplanWhen;
  /** How often a turn's plan may change; 0: not at all. @default 3 */
  readonly maxReplans?: number;
}

/** What waits for a person. */
export interface ApprovalOptions {
  /** Whether plans wait: once and for what is new in them, `always`, or as a function says. @default false */
  readonly plan?: PlanApproval;
  /** Which tools' calls wait, by the tool's name. @default none */
  readonly tools?: ApprovalTools;
  /** After how long a request takes no answer any more: milliseconds, or "30m", "24h", "7d". @default never */
  readonly expiresAfter?: Duration;
  /** Whether an answer must name the request that it is to: `{ requestId, decisions }`. @default false */
  readonly requireRequestId?: boolean;
  /** Whether a person is asked for guidance before a run ends that is out of replans or stalls. @default false */
  readonly escalate?: boolean;
  /** Is told once of each request: a webhook's address (POST, JSON), or a function. @default nobody is told */
  readonly onWaiting?: OnWaiting;
}

/** What the offline model is given. */
export interface OfflineOptions {
  /** The rules of a field, asked before the model's own. @default none */
  readonly playbook?: Playbook;
}

/** What may change or go with any version. */
export interface ExperimentalOptions {
  /**
   * Keeps of the conversation only what each superstep adds (LangGraph's DeltaChannel, a beta): a long thread's
   * checkpoints take up less. A thread must be used with it always or never. @default false
   */
  readonly deltaMessages?: boolean;
}

/** What `createPlanExecuteAgent` takes; everything has a default. */
export interface PlanExecuteOptions {
  /** The model of all roles that have none of their own. @default the environment's, else "offline" */
  readonly model?: ModelSpec;
  /** The fallbacks of all roles that have none of their own. @default none */
  readonly fallbacks?: readonly ModelSpec[];
  /** How long one attempt at a model call may take, in milliseconds; from 1. @default 120,000 */
  readonly modelTimeoutMs?: number;
  /** Instances by name, which roles and an assistant's context may name. @default none */
  readonly models?: NamedModels;
  /** Any LangChain tools. @default none */
  readonly tools?: readonly AgentTool[];
  readonly planner?: PlannerOptions;
  readonly executor?: ExecutorOptions;
  readonly replanner?: ReplannerOptions;
  /** The closing call, which writes the answer where a plan that ended well says nothing of it. @default the replanner's model */
  readonly answer?: RoleOptions;
  readonly approval?: ApprovalOptions;
  /** What a turn may use; what is reached ends it with a partial result. @default no limits */
  readonly limits?: Limits;
  /** Dollars a million tokens, by model name. @default none: costs are not known */
  readonly prices?: Prices;
  /** Gets every event; what it throws is dropped. @default none */
  readonly onEvent?: EventListener;
  /** Keeps the state between turns. @default none */
  readonly checkpointer?: BaseCheckpointSaver | boolean;
  readonly store?: BaseStore;
  readonly cache?: GraphCache;
  /** For the offline model, wherever a role has it. @default its own rules alone */
  readonly offline?: OfflineOptions;
  /** Keys of a run's context that are not the agent's own: its tools' or a graph's around it. @default none */
  readonly contextKeys?: readonly string[];
  /** What may change or go with any version. @default off */
  readonly experimental?: ExperimentalOptions;
}
