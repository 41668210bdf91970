import { PlanExecuteError } from "../errors/index.js";

/** What can be wrong with what a run is given. */
export type InputErrorCode = "GOAL_MISSING" | "GOAL_EMPTY" | "GOAL_TOO_LONG";

/** A run was given no goal that it could work on; nothing was called. */
export class InputError extends PlanExecuteError {
  readonly code: InputErrorCode;

  constructor(code: InputErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
