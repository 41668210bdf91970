import { type JsonValue, withoutUndefined } from "../../base/index.js";
import type { LimitError, RoleModels } from "../../models/index.js";
import {
  type PlanStep,
  type ReferenceValues,
  type RetriedAttempt,
  type StepError,
  type StepResult,
  stepKind,
} from "../../plan/index.js";
import type { Slots } from "../../scheduler/index.js";
import type { AgentState } from "../../state/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import { type Usage, type UsageMeter, withoutParts } from "../../usage/index.js";
import {
  type Attempts,
  CANCELLED,
  type EarlyAgentEnd,
  type NodeContext,
  type PermittedCall,
  type StepCounter,
  timeNow,
} from "../run/index.js";
import type { StepJournal } from "./step-journal.js";
import type { PartOutcome } from "./step-outcome.js";
import type { StepPast } from "./step-past.js";

/** A unit of work: a step, or one item of a for-each step. */
export interface Part {
  /** The step's id, or `id[0]` for an item. */
  readonly id: string;
  readonly step: PlanStep;
  /** The values that references stand for. */
  readonly values: ReferenceValues;
  /** The results that the part sees. Its model sees nothing else. */
  readonly inputs: readonly StepResult[];
  /** The steps that it came after. */
  readonly dependsOn: readonly string[];
}

/** What the parts of a step run with. */
export interface PartEnvironment {
  readonly context: NodeContext;
  readonly state: AgentState;
  /** Aborts when the part must end: it follows the run's own signal, the limit's, and `cancelled`. */
  readonly signal: AbortSignal;
  /** Aborts when a person cancels the step. */
  readonly cancelled: AbortSignal;
  readonly meter: UsageMeter;
  /** What was done and decided earlier. */
  readonly past: StepPast;
  readonly common: StepsInCommon;
}

/** What all steps of one superstep share. */
export interface StepsInCommon {
  /** Aborts when the run reaches a limit. Parts then end as failed, but the run is not aborted. */
  readonly limit: AbortSignal;
  /** The parts that this superstep worked on. The results of others were found, in the checkpoint or the journal. */
  readonly worked: Set<string>;
  readonly counter: StepCounter;
  /** The slots that items of for-each steps take. */
  readonly slots: Slots;
  /** Where finished parts are kept, besides the checkpoint. */
  readonly journal: StepJournal | undefined;
  /** Reports that a limit forbade a call. The run ends once what is running has ended. */
  limitMet(error: LimitError): void;
  /** The result of a call that started while the plan was written, if it is exactly this call. */
  claimEarly(call: PermittedCall, signal: AbortSignal): Promise<Attempts<ToolSuccess>> | undefined;
  /** The end of an agent step that started while the plan was written, if it is exactly this step. */
  claimAgent(step: PlanStep, signal: AbortSignal): Promise<EarlyAgentEnd | undefined> | undefined;
  /** Says how many items a for-each step has, for those who watch. */
  countItems(stepId: string, total: number): void;
}

/** What a tool call needs. */
export type ToolEnvironment = Pick<PartEnvironment, "context" | "state" | "signal"> & {
  /** Where it is noted that a call begins; left out for calls that only read. */
  readonly common?: Pick<StepsInCommon, "journal">;
  /** What people decided and answered; left out if nobody can be asked. */
  readonly past?: Pick<StepPast, "spend" | "keep" | "answersTo" | "outcomesOf" | "effects" | "noteEffect">;
};

/** The error code of a part that ended because the run reached a limit. */
export const LIMIT_REACHED = "LIMIT_REACHED";

/** How a part ended: with an output, or with the reason why there is none. */
export type PartEnd =
  | {
      readonly ok: true;
      readonly output: JsonValue;
      readonly artifact?: JsonValue;
      readonly truncated?: boolean;
    }
  | {
      readonly ok: false;
      readonly status: "failed" | "blocked" | "unexpected" | "rejected";
      readonly error: StepError;
      readonly output?: JsonValue;
    };

/** The models that a step may ask: the strong one first if the plan says so and there is one. */
export function modelsOf({ model }: PlanStep, { settings }: Pick<NodeContext, "settings">): RoleModels {
  const { executor } = settings;
  const { strongModel } = executor;
  if (model === undefined || strongModel === undefined) {
    return executor;
  }
  return { ...executor, model: strongModel, fallbacks: [executor.model, ...executor.fallbacks] };
}

/** How a part ends whose model or function says that it cannot be done. */
export function toBlocked(reason: string): PartEnd {
  return { ok: false, status: "blocked", error: { code: "BLOCKED", message: reason } };
}

/** Makes the outcome of a part that has ended. */
export function ended(
  part: Part,
  end: PartEnd,
  facts: {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly attempts: number;
    readonly retries?: RetriedAttempt[];
    readonly args?: Record<string, JsonValue>;
    readonly tool?: string;
    readonly items?: number;
  },
): PartOutcome {
  const { id, step } = part;
  const { tool = step.tool, args, items, attempts, retries, startedAt, endedAt } = facts;
  const base = {
    id,
    description: step.description,
    tool,
    args,
    items,
    attempts,
    retries,
    startedAt,
    endedAt,
  };
  const truncated = end.ok && end.truncated ? true : undefined;
  const result: StepResult = end.ok
    ? { ...base, status: "done", output: end.output, artifact: end.artifact, truncated }
    : { ...base, status: end.status, error: end.error, output: end.output };
  return { kind: "ended", result: withoutUndefined(result) };
}

/** Makes the outcome of a part that failed. Without a time of its own it failed before it was tried. */
export function fail(
  part: Part,
  { context }: PartEnvironment,
  error: StepError,
  { startedAt, attempts = 0 }: { readonly startedAt?: string; readonly attempts?: number } = {},
): PartOutcome {
  const endedAt = timeNow(context.services);
  const facts = { startedAt: startedAt ?? endedAt, endedAt, attempts };
  return ended(part, { ok: false, status: "failed", error }, facts);
}

/** Makes the outcome of a part that a person cancelled. */
export function cancelPart(part: Part, { context }: PartEnvironment, startedAt?: string): PartOutcome {
  const endedAt = timeNow(context.services);
  const error = { code: "REJECTED", message: CANCELLED } as const;
  const facts = { startedAt: startedAt ?? endedAt, endedAt, attempts: startedAt === undefined ? 0 : 1 };
  return ended(part, { ok: false, status: "rejected", error }, facts);
}

/** Emits that a step, or an item of a for-each step, begins. */
export function tellStart({ id, step, dependsOn }: Part, { emit }: Pick<NodeContext, "emit">): void {
  const { description, tool, worker } = step;
  const kind = stepKind(step);
  emit({ type: "step.started", stepId: id, description, kind, tool, worker, dependsOn, attempt: 1 });
}

/** What is known of a step's end besides its result. */
interface EndFacts {
  /** What its model calls used. */
  readonly usage?: Usage;
  /** Whether it ended before, and its result was only found. @default false */
  readonly isReplayed?: boolean;
}

/** Emits that a step, or an item of a for-each step, has ended. */
export function emitEnd(
  result: StepResult,
  { emit }: Pick<NodeContext, "emit">,
  { usage, isReplayed = false }: EndFacts = {},
): void {
  const { id, status, attempts, startedAt, endedAt, output, error } = result;
  const durationMs = startedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
  const count = usage && withoutParts(usage);
  const replayed = isReplayed ? (true as const) : undefined;
  const end = { stepId: id, status, attempts, durationMs, output, error, usage: count, replayed };
  emit({ type: "step.ended", ...end });
}
