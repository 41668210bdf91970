import type { JsonValue } from "../../base/index.js";
import type { LimitError } from "../../models/index.js";
import type { PlanStep, ReferenceValues, StepError, StepErrorCode, StepResult } from "../../plan/index.js";
import type { Decision } from "../../state/index.js";
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
import type { PartOutcome, SuspendedPart } from "./step-outcome.js";

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

/** What parts are carried out with. */
export interface PartEnvironment {
  readonly context: NodeContext;
  readonly goal: string;
  readonly turnId: string;
  readonly state: unknown;
  readonly meter: UsageMeter;
  /** Ends the part: the step's own signal, and the limit's. */
  readonly signal: AbortSignal;
  /** Aborts when a limit of the run is reached: that ends the part as failed, and not the run. */
  readonly limit: AbortSignal;
  /** Counts the parts of the turn. */
  readonly steps: StepCounter;
  /** Says that a limit forbade a call: the run ends for it when what runs has ended. */
  readonly limitMet: (error: LimitError) => void;
  /** What the part has done before it had to wait. */
  suspendedFor(partId: string): SuspendedPart | undefined;
  /** What a person decided about an action, where no call has begun on it yet. */
  decisionFor(actionId: string): Decision | undefined;
  /** How many calls of a part have begun that a person had let pass. */
  timesReleased(partId: string): number;
  /** Notes that such a call begins. */
  readonly spend: (actionId: string) => void;
  /** What people decided about all actions of a part. */
  decisionsOn(partId: string): readonly Decision[];
  /** What came of a call that started while the plan was written, if it is this very call. */
  readonly claimEarly: (
    call: PermittedCall,
    signal: AbortSignal,
  ) => Promise<Attempts<ToolSuccess>> | undefined;
  /** What finished parts are kept in, beside the checkpoint. */
  readonly journal: StepJournal | undefined;
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
  const result: StepResult = end.ok
    ? {
        ...base,
        status: "done",
        output: end.output,
        ...(end.artifact === undefined ? {} : { artifact: end.artifact }),
        ...(end.truncated ? { truncated: true } : {}),
      }
    : {
        ...base,
        status: end.status,
        error: end.error,
        ...(end.output === undefined ? {} : { output: end.output }),
      };
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

function withoutUndefined<T extends object>(value: T): T {
  for (const key of Object.keys(value)) {
    if (Reflect.get(value, key) === undefined) {
      Reflect.deleteProperty(value, key);
    }
  }
  return value;
}

/** Tells that a step, or an item of a for-each step, has ended. */
export function emitEnd(result: StepResult, { emit }: Pick<NodeContext, "emit">): void {
  const { id, status, attempts, startedAt, endedAt, output, error } = result;
  emit({
    type: "step.ended",
    stepId: id,
    status,
    attempts,
    durationMs: startedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt),
    ...(output === undefined ? {} : { output }),
    ...(error === undefined ? {} : { error }),
  });
}
