import { PlanExecuteError } from "../errors/index.js";

/** What can be wrong with a model. */
export type ModelErrorCode =
  | "MODEL_UNKNOWN"
  | "MODEL_UNAVAILABLE"
  | "MODEL_FAILED"
  | "MODEL_EMPTY"
  | "MODEL_UNREADABLE"
  | "MODEL_REFUSED";

/** A model that cannot be had, or that did not answer. */
export class ModelError extends PlanExecuteError {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
