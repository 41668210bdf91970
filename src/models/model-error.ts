import { cutText, PlanExecuteError } from "../base/index.js";

/** The codes of what can go wrong with a model. */
export type ModelErrorCode =
  | "MODEL_UNKNOWN"
  | "MODEL_UNAVAILABLE"
  | "MODEL_FAILED"
  | "MODEL_EMPTY"
  | "MODEL_UNREADABLE"
  | "MODEL_CUT_OFF"
  | "MODEL_TOO_LONG"
  | "MODEL_REFUSED";

/** Messages are cut to this size, because they may quote names and words from a model, of any length. */
const MAX_MESSAGE_BYTES = 4_000;

/** The error of a model that is not available, or that gave no usable answer. */
export class ModelError extends PlanExecuteError {
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(cutText(message, MAX_MESSAGE_BYTES), options);
    this.code = code;
  }
}
