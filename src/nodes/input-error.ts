import { PlanExecuteError } from "../errors/index.js";

/** What can be wrong with what a run is given. */
export type InputErrorCode =
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
