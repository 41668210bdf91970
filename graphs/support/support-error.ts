/** What cannot be done, said so that a person or a model can go on from it; the same call would fail again. */
export class SupportError extends Error {
  override readonly name = "SupportError";
  readonly retryable = false;
}
