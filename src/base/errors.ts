import { cutText } from "./text.js";

/**
 * The base class of the errors that this package throws on purpose. The code is for programs, the message for people.
 */
export abstract class PlanExecuteError extends Error {
  /** A stable name for what went wrong. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Error messages are cut to this size because providers put whole pages into them. */
const MAX_ERROR_BYTES = 4_000;

/** Describes anything that was thrown in a text of limited length. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof Error) {
    return cutText(thrown.message || thrown.name, MAX_ERROR_BYTES);
  }
  if (typeof thrown === "string" && thrown !== "") {
    return cutText(thrown, MAX_ERROR_BYTES);
  }
  return "it gave no reason";
}
