import type { StepError } from "../plan/index.js";

/** How one attempt at a piece of work ended. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: StepError;
      readonly retryable: boolean;
    };

/** How the last attempt ended, and how many there were. */
export type Attempts<T> = Attempt<T> & { readonly attempts: number };

/** How long an attempt may take, and whether one that took longer is worth repeating. */
export interface AttemptTimeout {
  readonly ms: number;
  readonly retryable: boolean;
}
