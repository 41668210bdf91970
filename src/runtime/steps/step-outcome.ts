import { fingerprint, PlanExecuteError, stableStringify } from "../../base/index.js";
import { isPassable, type PlanStep, type StepResult } from "../../plan/index.js";
import type { Settlement } from "../../scheduler/index.js";
import type { Effect, SuspendedStep, WaitingAction } from "../../state/index.js";
import type { Usage } from "../../usage/index.js";

/** What a waiting part has done so far. The executor adds which step it belongs to. */
export type SuspendedPart = Omit<SuspendedStep, "stepHash">;

/** How the work on a step or on one item of a for-each step ended. */
export type PartOutcome =
  | { readonly kind: "ended"; readonly result: StepResult }
  | {
      readonly kind: "waiting";
      readonly actions: readonly WaitingAction[];
      readonly suspended: readonly SuspendedPart[];
    }
  /** The part did not begin, or what it did could not have been stored. */
  | { readonly kind: "not-run" };

/**
 * What a step's task returns, and what a checkpoint keeps of it. LangGraph returns stored results by the order of calls
 * alone, so each outcome carries the id of its step and a hash of the step as it was.
 */
export type StepOutcome = PartOutcome & {
  readonly stepId: string;
  readonly stepHash: string;
  /** The usage of its model calls; left out if there were none, because every outcome is stored. */
  readonly usage?: Usage;
  /** The actions whose approval is spent, because their calls have begun. Left out if there are none. */
  readonly spent?: readonly string[];
  /** What was noted of its calls; left out if nothing was. */
  readonly effects?: readonly Effect[];
};

/** A short text that changes whenever the step does. */
export function hashStep(step: PlanStep): string {
  return fingerprint(stableStringify(step));
}

/** A stored result came back for another step. The run must not go on with it. */
export class OutcomeMismatchError extends PlanExecuteError {
  readonly code = "OUTCOME_MISMATCH";

  constructor(stepId: string, foundId: string) {
    super(
      `The stored result of step "${foundId}" came back for step "${stepId}". Nothing was lost: ` +
        "start a new turn on this thread, or go on from an earlier checkpoint.",
    );
  }
}

/** Throws if an outcome belongs to another step. */
export function assertOwnOutcome(
  { id, stepHash }: { readonly id: string; readonly stepHash: string },
  outcome: StepOutcome,
): void {
  if (outcome.stepId !== id || outcome.stepHash !== stepHash) {
    throw new OutcomeMismatchError(id, outcome.stepId);
  }
}

/** What an outcome means for the steps that depend on it. */
export function settlementOf(outcome: StepOutcome): Settlement {
  if (outcome.kind !== "ended") {
    return "held";
  }
  return isPassable(outcome.result) ? "settled" : "failed";
}
