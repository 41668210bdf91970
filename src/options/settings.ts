import type { AgentMiddleware } from "langchain";
import type { Backoff, JsonValue } from "../base/index.js";
import type { ModelSpec, RoleModels } from "../models/index.js";
import type {
  ApprovalTools,
  PlanApproval,
  ReplanWhen,
  Requester,
  StandingRules,
  WaitingNotice,
} from "../policy/index.js";
import type { Granularity, PlanMethod } from "../prompts/index.js";
import type { ScheduleOrder } from "../scheduler/index.js";
import type { Limits, Prices } from "../usage/index.js";

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
