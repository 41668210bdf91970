import type { AgentMiddleware } from "langchain";
import type { Backoff, JsonValue } from "../../base/index.js";
import type { ModelSpec, RoleModels } from "../../models/index.js";
import type {
  ApprovalTools,
  PlanApproval,
  ReplanWhen,
  Requester,
  StandingRules,
} from "../../policy/index.js";
import type { Granularity, PlanMethod } from "../../prompts/index.js";
import type { ScheduleOrder } from "../../scheduler/index.js";
import type { Limits, Prices } from "../../usage/index.js";
import type { WaitingNotice } from "./approval-request.js";

/** The models of a role, and what they are told beside its own prompt. */
export interface RoleSettings extends RoleModels {
  readonly instructions?: string;
}

/** A call of a tool whose output is checked. */
export interface CheckedCall {
  readonly tool: string;
  readonly args: Record<string, JsonValue>;
}

/**
 * Judges an output: `not-empty` wants something in it, `no-error-text` wants no error that came as text, a
 * function returns what is wrong with it or undefined.
 */
export type OutputCheck =
  | "not-empty"
  | "no-error-text"
  | ((
      output: JsonValue,
      call: CheckedCall,
      requester: Requester,
    ) => string | undefined | Promise<string | undefined>);

/**
 * Tells somebody that a run waits for a person: the address of a webhook, which gets the notice as JSON by POST, or a
 * function.
 */
export type OnWaiting =
  | string
  | ((notice: WaitingNotice, options: { readonly signal: AbortSignal }) => unknown);

/** Everything that a run is governed by, defaults applied. */
export interface AgentSettings {
  readonly planner: RoleSettings & {
    readonly method: PlanMethod | "auto";
    readonly granularity: Granularity;
    readonly maxSteps: number;
    readonly pitfalls: boolean;
    readonly actEarly: boolean;
  };
  readonly executor: RoleSettings & {
    readonly maxToolRounds: number;
    readonly concurrency: number;
    readonly order: ScheduleOrder;
    readonly stepTimeoutMs: number;
    readonly maxAttempts: number;
    readonly backoff: Backoff;
    readonly commitAfterMs: number;
    readonly checkOutput: Readonly<Record<string, OutputCheck | readonly OutputCheck[]>>;
    /** The user's middleware of agent steps; the first is the outermost. */
    readonly middleware: readonly AgentMiddleware[];
  };
  readonly replanner: RoleSettings & { readonly when: ReplanWhen; readonly maxReplans: number };
  /** Without a model of its own the answer is written by the replanner's. */
  readonly answer: Omit<RoleSettings, "model"> & { readonly model?: ModelSpec };
  /** How long one attempt at a model call may take. */
  readonly modelTimeoutMs: number;
  readonly approval: {
    readonly plan: PlanApproval;
    readonly tools: ApprovalTools;
    /** The rules that the turn brings along; none before it has begun. */
    readonly standing: StandingRules;
    /** After how long a request takes no answer any more; undefined: never. */
    readonly expiresAfterMs: number | undefined;
    readonly requireRequestId: boolean;
    /** Whether a person is asked before a run ends that cannot go on by itself. */
    readonly escalate: boolean;
    readonly onWaiting: OnWaiting | undefined;
  };
  /** The tools that the run may use; undefined: all of the agent's. */
  readonly toolNames: readonly string[] | undefined;
  readonly limits: Limits;
  readonly prices: Prices;
}

/** How often an invalid plan is sent back. */
export const MAX_PLAN_REPAIRS = 2;
/** How often a person may reject a turn's plans. */
export const MAX_PLAN_REJECTIONS = 3;
/** Attempts at telling somebody that a run waits. */
export const MAX_NOTIFY_ATTEMPTS = 3;
/** How long one of them may take: the run's caller waits for it. */
export const NOTIFY_TIMEOUT_MS = 5_000;
/** Bytes of an output that a prompt shows. */
export const MAX_PROMPT_OUTPUT_BYTES = 8_000;
/** Bytes of an output that the state keeps. */
export const MAX_STATE_OUTPUT_BYTES = 256_000;
/** Calls of tools in one answer of an agent step's model. */
export const MAX_AGENT_CALLS = 64;
/** Items of one for-each step. */
export const MAX_ITEMS = 10_000;
/** How long items that end at once are done one after another before others in the process have their turn. */
export const MAX_ITEMS_MS = 20;
/** Steps that one superstep takes on: for each, LangGraph looks through what is stored of all before it. */
export const MAX_WINDOW = 1_000;
/** Bytes of the conversation before a goal that prompts show. */
export const MAX_CONVERSATION_BYTES = 64_000;
/** Characters of a goal. */
export const MAX_GOAL_CHARACTERS = 100_000;
/** Attempts of a model call. */
export const MAX_MODEL_ATTEMPTS = 3;
/** Attempts at reading or writing what a database keeps. */
export const MAX_STORAGE_ATTEMPTS = 4;
/** How long one of them may take. */
export const STORAGE_TIMEOUT_MS = 30_000;
/** The longest wait between two of them: a run stands still meanwhile. */
export const MAX_STORAGE_WAIT_MS = 1_000;
/** Supersteps that are kept back for ending a run before LangGraph's recursion limit does. */
export const SUPERSTEPS_IN_HAND = 2;
