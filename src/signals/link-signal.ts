import { setMaxListeners } from "node:events";

/** A signal of a piece of work's own, which also aborts with another's. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Ends the link: nothing of it stays on the other signal. */
  unlink(): void;
}

/**
 * Links a signal by hand: AbortSignal.any costs more than the rest of a short tool call, and what it derives stays
 * on the other signal for as long as that lives.
 */
export function linkSignal(parent: AbortSignal | undefined): LinkedSignal {
  const controller = new AbortController();
  // Many calls may share a signal, and each takes its listener away again.
  if (parent !== undefined) setMaxListeners(0, parent);
  const follow = () => controller.abort(parent?.reason);
  parent?.addEventListener("abort", follow);
  if (parent?.aborted) follow();
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => parent?.removeEventListener("abort", follow),
  };
}
