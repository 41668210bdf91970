/** The codes of what can be wrong with a plan. */
export type PlanIssueCode =
  | "malformed"
  | "no-steps"
  | "too-many-steps"
  | "duplicate-id"
  | "unknown-dependency"
  | "self-dependency"
  | "cycle"
  | "unknown-tool"
  | "unknown-worker"
  | "invalid-args"
  | "unknown-reference"
  | "unknown-answer"
  | "id-taken"
  | "repeated-step"
  | "repeated-failure";

/** One thing that is wrong with a plan, in words that a model or a person can act upon. */
export interface PlanIssue {
  code: PlanIssueCode;
  /** The step at fault, if it has a readable id. */
  stepId?: string;
  /** Says what is wrong, at which step, and what would be right. */
  message: string;
  /** The past step whose work the step would do again. */
  repeats?: string;
  /** The ids of a cycle, or the path to the argument or field at fault. */
  path?: string[];
}
