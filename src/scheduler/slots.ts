// Slots: a semaphore that serves its waiters by priority. Steps and the items of for-each steps share one.
//
//   (a) Never more than `concurrency` slots are taken.
//   (b) Who goes next is decided when a slot becomes free, not when it is requested: the higher rank first, then the
//       lower index, then whoever asked first.
//   (c) A slot is handed over inside the call that frees it, with no microtask in between.
//   (d) A cancelled waiter leaves nothing behind, neither in the queue nor on its signal. However many wait on one
//       signal, it carries one listener.
import { createHeap } from "../base/index.js";

/** Decides who goes first when several wait for a slot. */
export interface Priority {
  /** The length of the way ahead. The higher rank goes first. */
  readonly rank: number;
  /** The place in the plan. Within one rank, the lower index goes first. */
  readonly index: number;
}

/** Gives a slot back. A second call does nothing. */
export type Release = () => void;

/** A limited number of slots, handed out by priority. */
export interface Slots {
  /** How many slots there are. */
  readonly concurrency: number;
  /** How many are taken now. */
  readonly taken: number;
  /** How many wait for one now. */
  readonly waiting: number;
  /**
   * Asks for a slot. Calls `onGranted` with the slot's release as soon as there is one; if a slot is free, before
   * this returns. `onGranted` must not throw. The returned function withdraws the request, and does nothing once it
   * is granted.
   */
  request(priority: Priority, onGranted: (release: Release) => void): () => void;
  /** Waits for a slot and resolves with its release. Rejects with the signal's reason if that aborts first. */
  acquire(priority: Priority, signal?: AbortSignal): Promise<Release>;
  /** Runs a function in a slot. Does not call it if the signal aborts first. */
  run<T>(priority: Priority, work: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

interface Waiter {
  readonly priority: Priority;
  readonly arrival: number;
  readonly onGranted: (release: Release) => void;
}

/** Whether the first goes before the second: the higher rank, then the lower index. */
export function goesBefore(left: Priority, right: Priority): boolean {
  return left.rank === right.rank ? left.index < right.index : left.rank > right.rank;
}

function isServedBefore(left: Waiter, right: Waiter): boolean {
  if (goesBefore(left.priority, right.priority)) {
    return true;
  }
  return !goesBefore(right.priority, left.priority) && left.arrival < right.arrival;
}

/** Creates slots. `concurrency` is a whole number from 1, or Infinity. */
export function createSlots(concurrency: number): Slots {
  if (!(Number.isInteger(concurrency) || concurrency === Infinity) || concurrency < 1) {
    throw new RangeError(
      `concurrency is ${concurrency}: set a whole number from 1, or Infinity for no limit.`,
    );
  }
  const waiters = createHeap(isServedBefore);
  const abortListeners = createAbortListeners();
  let taken = 0;
  let arrivals = 0;
  let serving = false;

  // A holder may give its slot back, or ask for another, while it is being served. The loop that is already running
  // takes care of that, so the stack does not grow with the queue.
  function serve(): void {
    if (serving) {
      return;
    }
    serving = true;
    while (taken < concurrency) {
      const waiter = waiters.pop();
      if (waiter === undefined) {
        break;
      }
      taken += 1;
      waiter.onGranted(createRelease());
    }
    serving = false;
  }

  function createRelease(): Release {
    let released = false;
    return () => {
      if (released) {
        return;
      }
      released = true;
      taken -= 1;
      serve();
    };
  }

  function request(priority: Priority, onGranted: (release: Release) => void): () => void {
    arrivals += 1;
    const entry = waiters.push({ priority, arrival: arrivals, onGranted });
    serve();
    return () => waiters.remove(entry);
  }

  function acquire(priority: Priority, signal?: AbortSignal): Promise<Release> {
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        request(priority, resolve);
        return;
      }
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const stopListening = abortListeners.add(signal, () => {
        cancel();
        reject(signal.reason);
      });
      const cancel = request(priority, (release) => {
        stopListening();
        resolve(release);
      });
    });
  }

  return {
    concurrency,
    get taken() {
      return taken;
    },
    get waiting() {
      return waiters.size;
    },
    request,
    acquire,
    async run(priority, work, signal) {
      const release = await acquire(priority, signal);
      try {
        signal?.throwIfAborted();
        return await work();
      } finally {
        release();
      }
    },
  };
}

// Node warns of a leak if one signal has more than ten listeners, and a step may have hundreds of items that wait for
// slots. So any number of callbacks share one listener on a signal here.

/** Callbacks for abort signals, with one listener for each signal. */
interface AbortListeners {
  /** Calls back once when the signal aborts. The returned function removes the callback. */
  add(signal: AbortSignal, onAbort: () => void): () => void;
}

interface Listened {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

function createAbortListeners(): AbortListeners {
  const bySignal = new Map<AbortSignal, Listened>();

  function listenTo(signal: AbortSignal): Listened {
    const callbacks = new Set<() => void>();
    const listener = () => {
      bySignal.delete(signal);
      for (const callback of callbacks) {
        callback();
      }
    };
    const listened = { callbacks, listener };
    bySignal.set(signal, listened);
    signal.addEventListener("abort", listener, { once: true });
    return listened;
  }

  return {
    add(signal, onAbort) {
      const { callbacks, listener } = bySignal.get(signal) ?? listenTo(signal);
      callbacks.add(onAbort);
      return () => {
        callbacks.delete(onAbort);
        if (callbacks.size > 0) {
          return;
        }
        bySignal.delete(signal);
        signal.removeEventListener("abort", listener);
      };
    },
  };
}
