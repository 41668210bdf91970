import { stableStringify } from "../base/index.js";
import { isPassable, type PlanStep, type StepResult } from "../plan/index.js";
import type { Requester } from "./approval-rules.js";

/** How far a run has come. A `ReplanWhen` function gets it each time a step settles. */
export interface Progress {
  readonly goal: string;
  /** All steps of the current plan. */
  readonly plan: readonly PlanStep[];
  /** The results of the steps that have ended. */
  readonly pastSteps: readonly StepResult[];
  /** The steps that have not ended. */
  readonly remaining: readonly PlanStep[];
}

/** When to ask the replanner's model although the plan could go on. */
export type ReplanWhen =
  | "needed"
  | "every-step"
  | ((progress: Progress, requester: Requester) => boolean | Promise<boolean>);

/**
 * Whether nothing new may start until the replanner has been asked. With `needed` this is never so: everything that can
 * still run does, and the replanner is then asked once about all that went wrong.
 */
export async function stopsForReplan(
  when: ReplanWhen,
  progress: Progress,
  requester: Requester,
): Promise<boolean> {
  if (progress.remaining.length === 0) {
    return false;
  }
  if (when === "needed") {
    return false;
  }
  return when === "every-step" || (await when(progress, requester));
}

/** Whether a step ended in a way that the plan did not foresee. */
export function isTrouble(result: StepResult): boolean {
  return !isPassable(result) && result.status !== "skipped";
}

/** Whether a step never ran, because a step that it depends on failed. */
export function neverRan(result: StepResult): boolean {
  return result.status === "skipped" && !isPassable(result);
}

/** What the replanner does next. Only `revise` and `answer` ask a model. */
type Move =
  | { readonly move: "go-on" }
  | { readonly move: "answer-with-step"; readonly result: StepResult }
  | { readonly move: "answer-in-words"; readonly text: string }
  | { readonly move: "answer" }
  | { readonly move: "revise"; readonly trouble: readonly StepResult[] }
  | { readonly move: "end"; readonly reason: string };

/** What the decision about the next move depends on. */
export interface Situation {
  readonly progress: Progress;
  /** Steps that went wrong and that no revision of the plan has dealt with yet. */
  readonly trouble: readonly StepResult[];
  /** The id of the step whose output is the answer, if the plan names one. */
  readonly answerStep: string | undefined;
  /** The plan's own answer text, filled in, if it has one and all that it refers to is there. */
  readonly answerText: string | undefined;
  /** Why the run must end now, if it must. */
  readonly limit: string | undefined;
  /** Whether a person asked for another plan, by rejecting this one or by saying something between steps. */
  readonly isTold: boolean;
  /** Whether the policy wants to ask the model although the plan could go on. */
  readonly isAskedFor: boolean;
  readonly replans: number;
  readonly maxReplans: number;
}

/** Decides the next move by rules, so that a model is only asked if rules cannot tell. */
export function nextMove(situation: Situation): Move {
  const { progress, trouble, answerStep, answerText, limit, isTold, isAskedFor, ...counts } = situation;
  if (limit !== undefined) {
    return { move: "end", reason: limit };
  }
  if (isTold) {
    return { move: "revise", trouble };
  }
  const { pastSteps, remaining } = progress;
  if (trouble.length > 0) {
    if (counts.replans < counts.maxReplans) {
      return { move: "revise", trouble };
    }
    return { move: "end", reason: `${nameFailures(trouble)}${exhausted(counts.maxReplans)}` };
  }
  if (remaining.length > 0) {
    const mayRevise = isAskedFor && counts.replans < counts.maxReplans;
    return mayRevise ? { move: "revise", trouble } : { move: "go-on" };
  }
  if (answerText !== undefined) {
    return { move: "answer-in-words", text: answerText };
  }
  const result = pastSteps.find((step) => step.id === answerStep && step.status === "done" && says(step));
  return result === undefined ? { move: "answer" } : { move: "answer-with-step", result };
}

/** Whether a step's output could be an answer: it is neither empty nor null. */
function says({ output }: StepResult): boolean {
  if (typeof output === "string") {
    return output.trim() !== "";
  }
  return output !== undefined && output !== null;
}

function nameFailures(trouble: readonly StepResult[]): string {
  const named = trouble.map(({ id, status, error }) => {
    const why = error === undefined ? "" : ` (${error.message})`;
    return `step ${id} ended ${status}${why}`;
  });
  return named.join("; ");
}

function exhausted(maxReplans: number): string {
  if (maxReplans === 0) {
    return "; replanning is off (maxReplans is 0)";
  }
  return `; the plan was changed ${maxReplans} times, which is maxReplans`;
}

/** Describes what a step does, without its id and its place in the plan. */
function doing({ tool, tools, model, args, description, forEach }: PlanStep): string {
  const isDirect = tool !== undefined && args !== undefined;
  return stableStringify(
    isDirect
      ? [tool, args, forEach ?? null]
      : [tool ?? null, tools ?? null, model ?? null, description, forEach ?? null],
  );
}

/** Whether two remainders do the same work, whatever the ids and the order of their steps. */
export function isSameWork(before: readonly PlanStep[], after: readonly PlanStep[]): boolean {
  const sorted = (steps: readonly PlanStep[]) => steps.map(doing).sort().join();
  return before.length === after.length && sorted(before) === sorted(after);
}

/** A step that went wrong: as it was planned, if that is known, and what became of it. */
export interface FailedStep {
  readonly planned: PlanStep | undefined;
  readonly result: StepResult;
}

/**
 * Finds the first step that makes a call which has already failed with the same arguments, and what came of it then. A
 * failed step is compared both as it was planned and as it was sent.
 */
export function findRepeatedFailure(
  remaining: readonly PlanStep[],
  failed: readonly FailedStep[],
): { readonly step: PlanStep; readonly result: StepResult } | undefined {
  const calls = new Map<string, StepResult>();
  for (const { planned, result } of failed) {
    const { id, tool, args, description } = result;
    if (planned !== undefined) {
      calls.set(doing(planned), result);
    }
    if (tool !== undefined && args !== undefined) {
      calls.set(doing({ id, description, tool, args }), result);
    }
  }
  for (const step of remaining) {
    const result = calls.get(doing(step));
    if (result !== undefined) {
      return { step, result };
    }
  }
  return undefined;
}
