// Node warns of a leak where more than ten listeners stand on one signal, and the items of one step wait for
// their slots by the hundred. Here any number of callbacks wait on a signal behind one listener.

/** Callbacks that wait on abort signals, with one listener for each signal. */
export interface AbortListeners {
  /** Calls back once when the signal aborts; what is returned takes the callback back. */
  add(signal: AbortSignal, onAbort: () => void): () => void;
}

interface Listened {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

/** No callbacks yet. */
export function createAbortListeners(): AbortListeners {
  const bySignal = new Map<AbortSignal, Listened>();

  function listenTo(signal: AbortSignal): Listened {
    const callbacks = new Set<() => void>();
    const listener = () => {
      bySignal.delete(signal);
      for (const callback of callbacks) callback();
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
        if (callbacks.size > 0) return;
        bySignal.delete(signal);
        signal.removeEventListener("abort", listener);
      };
    },
  };
}
