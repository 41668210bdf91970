import { type JsonValue, withoutUndefined } from "../../base/index.js";
import type { LimitError } from "../../models/index.js";
import type { PlanStep, ReferenceValues, StepError, StepErrorCode, StepResult } from "../../plan/index.js";
import type { Slots } from "../../scheduler/index.js";
import type { AgentState } from "../../state/index.js";
import type { ToolSuccess } from "../../tools/index.js";
import type { UsageMeter } from "../../usage/index.js";
import {
  type Attempts,
  type NodeContext,
  type PermittedCall,
  type StepCounter,
  timeNow,
} from "../run/index.js";
import type { StepJournal } from "./step-journal.js";
import type { PartOutcome } from "./step-outcome.js";
import type { StepPast } from "./step-past.js";

/** A step, or one item of a for-each step: what is carried out as one. */
export interface Part {
  /** The step's id, or `id[0]` for an item. */
  readonly id: string;
  readonly step: PlanStep;
  /** What references stand for. */
  readonly values: ReferenceValues;
  /** The results that the part depends on: all that its model sees. */
  readonly inputs: readonly StepResult[];
}

/** What a step's parts are carried out with. */
export interface PartEnvironment {
  readonly context: NodeContext;
  readonly state: AgentState;
  /** Ends the part: the run's own signal, and the limit's. */
  readonly signal: AbortSignal;
  readonly meter: UsageMeter;
  /** What was done and decided before. */
  readonly past: StepPast;
  readonly common: StepsInCommon;
}

/** What the steps of one superstep have in common. */
export interface StepsInCommon {
  /** Aborts when a limit of the run is reached: that ends a part as failed, and not the run. */
  readonly limit: AbortSignal;
  /** Counts the parts of the turn. */
  readonly counter: StepCounter;
  /** Items of for-each steps take their slots here. */
  readonly slots: Slots;
  /** What finished parts are kept in, beside the checkpoint. */
  readonly journal: StepJournal | undefined;
  /** Says that a limit forbade a call: the run ends for it when what runs has ended. */
  limitMet(error: LimitError): void;
  /** What came of a call that started while the plan was written, if it is this very call. */
  claimEarly(call: PermittedCall, signal: AbortSignal): Promise<Attempts<ToolSuccess>> | undefined;
}

/** The code of the error of a part that a limit of the run ended. */
export const LIMIT_REACHED = "LIMIT_REACHED";

/** What a part has come to: an output, or why there is none. */
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

/** The outcome of a part that has ended. */
export function ended(
  part: Part,
  end: PartEnd,
  facts: {
    readonly startedAt: string;
    readonly endedAt: string;
    readonly attempts: number;
    readonly args?: Record<string, JsonValue>;
    readonly tool?: string;
    readonly items?: number;
  },
): PartOutcome {
  const { id, step } = part;
  const { tool = step.tool, args, items, attempts, startedAt, endedAt } = facts;
  const base = { id, description: step.description, tool, args, items, attempts, startedAt, endedAt };
  const truncated = end.ok && end.truncated ? true : undefined;
  const result: StepResult = end.ok
    ? { ...base, status: "done", output: end.output, artifact: end.artifact, truncated }
    : { ...base, status: end.status, error: end.error, output: end.output };
  return { kind: "ended", result: withoutUndefined(result) };
}

/** The outcome of a part that failed before anything of it was tried. */
export function endNow(
  part: Part,
  environment: PartEnvironment,
  code: StepErrorCode,
  message: string,
): PartOutcome {
  const now = timeNow(environment.context.services);
  const facts = { startedAt: now, endedAt: now, attempts: 0 };
  return ended(part, { ok: false, status: "failed", error: { code, message } }, facts);
}

/** Tells that a step, or an item of a for-each step, has ended. */
export function emitEnd(result: StepResult, { emit }: Pick<NodeContext, "emit">): void {
  const { id, status, attempts, startedAt, endedAt, output, error } = result;
  const durationMs = startedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
  emit(withoutUndefined({ type: "step.ended", stepId: id, status, attempts, durationMs, output, error }));
}
