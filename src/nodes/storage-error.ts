import { describeError, PlanExecuteError } from "../errors/index.js";

/** A checkpointer could not write what a run came to, or not read where it stood. */
export class StorageError extends PlanExecuteError {
  readonly code = "STORAGE_FAILED";

  constructor(what: string, attempts: number, whatNext: string, cause: unknown) {
    const tried = attempts === 1 ? "" : ` (tried ${attempts} times)`;
    super(`${what}: ${describeError(cause)}${tried}. ${whatNext}`, { cause });
  }
}
