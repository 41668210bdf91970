import { setMaxListeners } from "node:events";

/** A signal of a piece of work's own, which also aborts with others. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Ends the link: nothing of it stays on the other signals. */
  unlink(): void;
}

/**
 * Links a signal by hand to others, any of which may be undefined: AbortSignal.any costs more than the rest of a short
 * tool call, and what it derives stays on the others for as long as they live; with one listener left on it, for ever.
 */
export function linkSignal(...parents: readonly (AbortSignal | undefined)[]): LinkedSignal {
  const controller = new AbortController();
  const unlinks: (() => void)[] = [];
  const unlink = () => {
    for (const end of unlinks.splice(0)) {
      end();
    }
  };
  for (const parent of parents) {
    if (parent === undefined) {
      continue;
    }
    const follow = () => {
      unlink();
      controller.abort(parent.reason);
    };
    // Many calls may share a signal, and each takes its listener away again.
    setMaxListeners(0, parent);
    parent.addEventListener("abort", follow);
    unlinks.push(() => parent.removeEventListener("abort", follow));
    if (parent.aborted) {
      follow();
      break;
    }
  }
  return { signal: controller.signal, abort: (reason) => controller.abort(reason), unlink };
}

/**
 * The promise, or a rejection with the signal's reason as soon as it is aborted; then nobody waits for the promise.
 * Without a signal it is the promise alone.
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
