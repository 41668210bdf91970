import { PlanExecuteError } from "../../base/index.js";
import type { PlanIssue } from "../../plan/index.js";
import { type AgentState, STATE_VERSION } from "../../state/index.js";

/** What can be wrong with what a run is given. */
type InputErrorCode =
  | "GOAL_MISSING"
  | "GOAL_EMPTY"
  | "GOAL_TOO_LONG"
  | "MESSAGES_UNREADABLE"
  | "RECURSION_LIMIT_TOO_LOW";

/** A run was given what it cannot work with; nothing was called. */
export class InputError extends PlanExecuteError {
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A thread was written by a newer version of this package; what stands in it is not understood here. */
export class StateVersionError extends PlanExecuteError {
  readonly code = "STATE_TOO_NEW";

  constructor(
    /** The version of the state's shape that the thread has. */
    readonly schemaVersion: number,
  ) {
    super(
      `This thread was written by a newer version of langgraph-plan-execute: its state has version ${schemaVersion}, and ` +
        `this one knows no version above ${STATE_VERSION}. Nothing in it was changed: go on with it with the newer version, or begin ` +
        "another thread.",
    );
  }
}

/** Throws where a state has a shape that this version does not know; older ones are understood. */
export function assertKnownVersion({ schemaVersion }: Pick<AgentState, "schemaVersion">): void {
  if (schemaVersion > STATE_VERSION) {
    throw new StateVersionError(schemaVersion);
  }
}

/** Why the state of a thread was not changed from outside. */
type StateUpdateErrorCode =
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
