import { PlanExecuteError } from "../../base/index.js";
import type { PlanIssue } from "../../plan/index.js";
import { type AgentState, STATE_VERSION } from "../../state/index.js";

/** What can be wrong with a run's input. */
type InputErrorCode =
  | "GOAL_MISSING"
  | "GOAL_EMPTY"
  | "GOAL_TOO_LONG"
  | "INPUT_INVALID"
  | "MESSAGES_UNREADABLE"
  | "PLAN_UNKNOWN"
  | "PLAN_UNUSABLE"
  | "NOTHING_TO_CONTINUE"
  | "UNDO_UNFINISHED"
  | "RECURSION_LIMIT_TOO_LOW";

/** The input of a run cannot be used. Nothing was called. */
export class InputError extends PlanExecuteError {
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A run must wait for a person, and there is no checkpointer that could keep it meanwhile. */
export class ApprovalError extends PlanExecuteError {
  readonly code = "CHECKPOINTER_MISSING";

  constructor() {
    super(
      "The run must wait for a person, and nothing keeps it meanwhile. Build the agent with a `checkpointer`, such as " +
        "`await createCheckpointer(url)`, and name a thread: { configurable: { thread_id } }.",
    );
  }
}

/** A newer version of this package wrote the thread, so this version cannot understand its state. */
export class StateVersionError extends PlanExecuteError {
  readonly code = "STATE_TOO_NEW";

  constructor(
    /** The version of the thread's state. */
    readonly schemaVersion: number,
  ) {
    super(
      `This thread was written by a newer version of langgraph-plan-execute: its state has version ${schemaVersion}, and ` +
        `this one knows no version above ${STATE_VERSION}. Nothing in it was changed: go on with it with the newer version, or begin ` +
        "another thread.",
    );
  }
}

/** Throws if the state is newer than this version knows. Older states are understood. */
export function assertKnownVersion({ schemaVersion }: Pick<AgentState, "schemaVersion">): void {
  if (schemaVersion > STATE_VERSION) {
    throw new StateVersionError(schemaVersion);
  }
}

/** Why a thread's state was not changed from outside. */
type StateUpdateErrorCode =
  | "INVALID_UPDATE"
  | "INVALID_PLAN"
  | "NOTHING_TO_STEER"
  | "STEP_NOT_STEERABLE"
  | "RUN_CUT_OFF"
  | "RUNS_ELSEWHERE";

/** Somebody tried to change a thread's state from outside, and it was not changed. */
export class StateUpdateError extends PlanExecuteError {
  readonly code: StateUpdateErrorCode;
  /** Everything that is wrong with the plan, if the change was a plan. */
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

  /** The response of an HTTP server. LangGraph's server asks its errors for one, so Studio shows what is wrong. */
  getResponse(): Response {
    const { name: error, code, message, issues } = this;
    return Response.json({ error, code, message, issues }, { status: 422 });
  }
}
