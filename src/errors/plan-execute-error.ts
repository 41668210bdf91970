/** The base of every error that this package throws on purpose: a code for programs, a sentence for people. */
export abstract class PlanExecuteError extends Error {
  /** What went wrong, as a name that does not change. */
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
