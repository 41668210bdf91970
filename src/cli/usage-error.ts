import { PlanExecuteError } from "../errors/index.js";

/** The command was called in a way that makes no sense: nothing was done. */
export class UsageError extends PlanExecuteError {
  readonly code = "USAGE";
}
