import { PlanExecuteError } from "../base/index.js";

type QueueErrorCode =
  | "PACKAGE_MISSING"
  | "INVALID_OPTIONS"
  | "UNKNOWN_AGENT"
  | "UNKNOWN_THREAD"
  | "OTHER_AGENT"
  | "NOTHING_WAITS";

/** The queue cannot do what was asked of it. Nothing was stored. */
export class QueueError extends PlanExecuteError {
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
