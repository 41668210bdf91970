import { cutText } from "./text.js";

/** The base of every error that this package throws on purpose: a code for programs, a sentence for people. */
export abstract class PlanExecuteError extends Error {
  /** What went wrong, as a name that does not change. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** Providers put whole pages into their errors. */
const MAX_ERROR_BYTES = 4_000;

/** What was thrown, as one sentence that has an end, whatever it was. */
export function describeError(thrown: unknown): string {
  if (thrown instanceof Error) {
    return cutText(thrown.message || thrown.name, MAX_ERROR_BYTES);
  }
  if (typeof thrown === "string" && thrown !== "") {
    return cutText(thrown, MAX_ERROR_BYTES);
  }
  return "it gave no reason";
}
