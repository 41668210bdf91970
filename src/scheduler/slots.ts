// Slots: a semaphore whose waiters are served by priority. Steps and the items of for-each steps share one.
//
//   (a) Never more than `concurrency` slots are taken.
//   (b) Who goes next is decided when a slot becomes free, not when it is asked for: the higher rank first,
//       then the lower index, then who asked first.
//   (c) A slot is handed over inside the call that frees it: no microtask lies between.
//   (d) A waiter that was cancelled leaves nothing behind, in the queue or on its signal; however many wait on
//       one signal, one listener stands on it.
import { createHeap } from "../base/index.js";

/** Who goes first where several wait for a slot. */
export interface Priority {
  /** How long the way ahead is: the higher goes first. */
  readonly rank: number;
  /** Place in the plan: of one rank, the lower goes first. */
  readonly index: number;
}

/** Gives a slot back; a second call does nothing. */
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
   * Asks for a slot: `onGranted` is called with its release as soon as there is one, before this returns where
   * one is free. It must not throw. What is returned takes the request back, and does nothing once it is granted.
   */
  request(priority: Priority, onGranted: (release: Release) => void): () => void;
  /** A slot, as a promise of its release; rejects with the signal's reason where that comes first. */
  acquire(priority: Priority, signal?: AbortSignal): Promise<Release>;
  /** Runs a function in a slot; it is not called where the signal aborts first. */
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

/** Slots for at most `concurrency` at once: a whole number from 1, or Infinity. */
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

  // A holder may give its slot back, or ask for another, while it is being served: the loop that is already
  // running sees to it, so that the stack does not grow with the queue.
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

// Node warns of a leak where more than ten listeners stand on one signal, and the items of one step wait for
// their slots by the hundred. Here any number of callbacks wait on a signal behind one listener.

/** Callbacks that wait on abort signals, with one listener for each signal. */
interface AbortListeners {
  /** Calls back once when the signal aborts; what is returned takes the callback back. */
  add(signal: AbortSignal, onAbort: () => void): () => void;
}

interface Listened {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** No callbacks yet. */
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
