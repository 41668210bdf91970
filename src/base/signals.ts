import { setMaxListeners } from "node:events";

/** A signal that a piece of work owns, and that also aborts when other signals do. */
export interface LinkedSignal {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Ends the link: removes its listeners from the other signals. */
  unlink(): void;
}

/**
 * Creates a signal that follows others, any of which may be undefined. AbortSignal.any would cost more than the rest of
 * a short tool call, and its signals stay attached to the others for as long as those live; with one listener left on
 * them, for ever.
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
    // Node warns of a leak above ten listeners. Many calls may share a signal, and each removes its listener again.
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
 * Waits for a promise, but rejects with the signal's reason as soon as that aborts. The promise is then left to itself.
 * Without a signal it just waits for the promise.
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
