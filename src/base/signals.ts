import { setMaxListeners } from "node:events";

/** A signal that belongs to one piece of work and also aborts when other signals abort. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Follows one more signal from now on. Returns how to end that. */
  follow(parent: AbortSignal): () => void;
  /** Removes the listeners from the other signals. */
  unlink(): void;
}

/**
 * Creates a signal that follows other signals. Any of them may be undefined. This does not use `AbortSignal.any`
 * because that costs more than the rest of a short tool call. Its signals also stay attached to the others for as long
 * as those live, and for ever if one listener is left on them.
 */
export function linkSignal(...parents: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const unlinks: (() => void)[] = [];
  const unlink = () => {
    for (const end of unlinks.splice(0)) {
      end();
    }
  };
  const follow = (parent: AbortSignal) => {
    const abort = () => {
      unlink();
      controller.abort(parent.reason);
    };
    const end = () => parent.removeEventListener("abort", abort);
    // Node warns of a leak above ten listeners. Here many calls may share a signal, and each removes its own listener.
    setMaxListeners(0, parent);
    parent.addEventListener("abort", abort);
    unlinks.push(end);
    if (parent.aborted) {
      abort();
    }
    return end;
  };
  for (const parent of parents) {
    if (parent !== undefined && !controller.signal.aborted) {
      follow(parent);
    }
  }
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), follow, unlink };
}

/**
 * Waits for a promise, but rejects with the signal's reason as soon as the signal aborts. The promise itself goes on,
 * and its result is ignored. Without a signal this just waits for the promise.
 */
export async function raceSignal<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) {
    return promise;
  }
  promise.catch(ignore);
  let stop: () => void = ignore;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) {
      stop();
    }
  });
  aborted.catch(ignore);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function ignore(): void {}
