import { PlanExecuteError } from "../base/index.js";

/** An audit log could not be opened or written, or there are no events to make a document of. */
export class AuditError extends PlanExecuteError {
  readonly code: "LOG_UNUSABLE" | "NO_EVENTS";

  constructor(code: AuditError["code"], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
