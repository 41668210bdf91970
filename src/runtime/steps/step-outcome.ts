import { fingerprint, PlanExecuteError, stableStringify } from "../../base/index.js";
import { isPassable, type PlanStep, type StepResult } from "../../plan/index.js";
import type { Settlement } from "../../scheduler/index.js";
import type { SuspendedStep, WaitingAction } from "../../state/index.js";
import type { Usage } from "../../usage/index.js";

/** What a part that waits has done so far; the executor adds which step it belongs to. */
export type SuspendedPart = Omit<SuspendedStep, "stepHash">;

/** How the work on a step, or on an item of a for-each step, ended. */
export type PartOutcome =
  | { readonly kind: "ended"; readonly result: StepResult }
  | {
      readonly kind: "waiting";
      readonly actions: readonly WaitingAction[];
      readonly suspended: readonly SuspendedPart[];
    }
  /** It was not begun, or what it was doing could not have been stored. */
  | { readonly kind: "not-run" };

/**
 * What the task of a step returns, and what a checkpoint keeps of it. LangGraph hands results back by the order
 * of the calls alone, so each carries its step and what that step was.
 */
export type StepOutcome = PartOutcome & {
  readonly stepId: string;
  readonly stepHash: string;
  /** What its model calls used; left out where there was none, since each outcome is stored. */
  readonly usage?: Usage;
  /** The actions on which a person's approval is spent: their calls have begun. Left out where there is none. */
  readonly spent?: readonly string[];
};

/** A short text that changes whenever the step does. */
export function hashStep(step: PlanStep): string {
  return fingerprint(stableStringify(step));
}

/** A stored result came back for another step: the run must not go on with it. */
export class OutcomeMismatchError extends PlanExecuteError {
  readonly code = "OUTCOME_MISMATCH";

  constructor(stepId: string, outcome: StepOutcome) {
    super(
      `The stored result of step "${outcome.stepId}" came back for step "${stepId}". Nothing was lost: ` +
        "start a new turn on this thread, or go on from an earlier checkpoint.",
    );
  }
}

/** Throws where an outcome is not this step's own. */
export function assertOwnOutcome(
  { id, stepHash }: { readonly id: string; readonly stepHash: string },
  outcome: StepOutcome,
): void {
  if (outcome.stepId !== id || outcome.stepHash !== stepHash) {
    throw new OutcomeMismatchError(id, outcome);
  }
}

/** How an outcome bears on the steps that depend on it. */
export function settlementOf(outcome: StepOutcome): Settlement {
  if (outcome.kind !== "ended") {
    return "held";
  }
  return isPassable(outcome.result) ? "settled" : "failed";
}
