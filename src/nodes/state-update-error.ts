import { PlanExecuteError } from "../errors/index.js";
import type { PlanIssue } from "../plan/index.js";

/** Why the state of a thread was not changed from outside. */
export type StateUpdateErrorCode =
  | "INVALID_UPDATE"
  | "INVALID_PLAN"
  | "NOTHING_TO_STEER"
  | "STEP_NOT_STEERABLE"
  | "RUN_CUT_OFF";

/** A thread's state was to be changed from outside, and was not. */
export class StateUpdateError extends PlanExecuteError {
  readonly code: StateUpdateErrorCode;
  /** Everything that is wrong with the plan, where it was a plan. */
  readonly issues: readonly PlanIssue[];

  constructor(
    code: StateUpdateErrorCode,
    message: string,
    issues: readonly PlanIssue[] = [],
    cause?: unknown,
  ) {
    super(code === "RUN_CUT_OFF" ? message : `The thread was left as it is. ${message}`, { cause });
    this.code = code;
    this.issues = issues;
  }

  /** What an HTTP server answers with: LangGraph's asks its errors for it, so that Studio shows what is wrong. */
  getResponse(): Response {
    const { name: error, code, message, issues } = this;
    return Response.json({ error, code, message, issues }, { status: 422 });
  }
}
