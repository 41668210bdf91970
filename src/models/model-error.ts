import { cutText, PlanExecuteError } from "../base/index.js";

/** What can be wrong with a model. */
export type ModelErrorCode =
  | "MODEL_UNKNOWN"
  | "MODEL_UNAVAILABLE"
  | "MODEL_FAILED"
  | "MODEL_EMPTY"
  | "MODEL_UNREADABLE"
  | "MODEL_TOO_LONG"
  | "MODEL_REFUSED";

/** What a model named or said may stand in a message, and may be anything. */
const MAX_MESSAGE_BYTES = 4_000;

/** A model that cannot be had, or that did not answer. */
export class ModelError extends PlanExecuteError {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(cutText(message, MAX_MESSAGE_BYTES), options);
    this.code = code;
  }
}
