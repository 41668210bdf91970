/** What can be wrong with a plan. */
export type PlanIssueCode =
  | "malformed"
  | "no-steps"
  | "too-many-steps"
  | "duplicate-id"
  | "unknown-dependency"
  | "self-dependency"
  | "cycle"
  | "unknown-tool"
  | "invalid-args"
  | "unknown-reference"
  | "unknown-answer"
  | "id-taken"
  | "repeated-step";

/** One thing that is wrong with a plan, in words that a model or a person can act on. */
export interface PlanIssue {
  code: PlanIssueCode;
  /** The step at fault, where it has an id that can be read. */
  stepId?: string;
  /** What is wrong, at which step, and what would be right. */
  message: string;
  /** The ids of a cycle, or the way to the argument or field at fault. */
  path?: string[];
}
