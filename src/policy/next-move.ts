import type { StepResult } from "../plan/index.js";
import type { Progress } from "./replan-policy.js";

/** What the replanner does next; only `revise` and `answer` ask a model. */
export type Move =
  | { readonly move: "go-on" }
  | { readonly move: "answer-with-step"; readonly result: StepResult }
  | { readonly move: "answer-in-words"; readonly text: string }
  | { readonly move: "answer" }
  | { readonly move: "revise"; readonly trouble: readonly StepResult[] }
  | { readonly move: "end"; readonly reason: string };

/** What the decision rests on. */
export interface Situation {
  readonly progress: Progress;
  /** Steps that went wrong and that no change of the plan has answered yet. */
  readonly trouble: readonly StepResult[];
  /** Id of the step whose output is the answer, if the plan names one. */
  readonly answerStep: string | undefined;
  /** What the plan's own words for the answer come to, where it has some and all that they refer to is there. */
  readonly answerText: string | undefined;
  /** Why the run must end now, if it must. */
  readonly limit: string | undefined;
  /** Whether a person's words ask for another plan: they rejected this one, or said something between steps. */
  readonly isTold: boolean;
  /** Whether the policy wants the model asked about a plan that could go on. */
  readonly isAskedFor: boolean;
  readonly replans: number;
  readonly maxReplans: number;
}

/** Decides without a model, wherever that can be decided. */
export function nextMove(situation: Situation): Move {
  const { progress, trouble, answerStep, answerText, limit, isTold, isAskedFor, ...counts } = situation;
  if (limit !== undefined) return { move: "end", reason: limit };
  if (isTold) return { move: "revise", trouble };
  const { pastSteps, remaining } = progress;
  if (trouble.length > 0) {
    if (counts.replans < counts.maxReplans) return { move: "revise", trouble };
    return { move: "end", reason: `${nameFailures(trouble)}${exhausted(counts.maxReplans)}` };
  }
  if (remaining.length > 0) {
    const mayRevise = isAskedFor && counts.replans < counts.maxReplans;
    return mayRevise ? { move: "revise", trouble } : { move: "go-on" };
  }
  if (answerText !== undefined) return { move: "answer-in-words", text: answerText };
  const result = pastSteps.find((step) => step.id === answerStep && step.status === "done" && says(step));
  return result === undefined ? { move: "answer" } : { move: "answer-with-step", result };
}

/** Whether a step gave anything that could be an answer. */
function says({ output }: StepResult): boolean {
  if (typeof output === "string") return output.trim() !== "";
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
  if (maxReplans === 0) return "; replanning is off (maxReplans is 0)";
  return `; the plan was changed ${maxReplans} times, which is maxReplans`;
}
