/** A promise that a test settles itself. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

/** Makes a promise that a test settles itself. If it rejects and nobody listens, nothing happens. */
export function createDeferred<T = void>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** A log of what happens, with promises for entries that are still to come. */
export interface Journal {
  readonly entries: readonly string[];
  add(entry: string): void;
  /** Settles as soon as the entry has been added `times` times. */
  seen(entry: string, times?: number): Promise<void>;
  count(entry: string): number;
}

export function createJournal(): Journal {
  const entries: string[] = [];
  const waiters: { readonly entry: string; readonly times: number; readonly deferred: Deferred<void> }[] = [];
  const count = (entry: string) => entries.filter((candidate) => candidate === entry).length;
  return {
    entries,
    add(entry) {
      entries.push(entry);
      for (const waiter of waiters) {
        if (count(waiter.entry) >= waiter.times) {
          waiter.deferred.resolve();
        }
      }
    },
    seen(entry, times = 1) {
      const deferred = createDeferred();
      waiters.push({ entry, times, deferred });
      if (count(entry) >= times) {
        deferred.resolve();
      }
      return deferred.promise;
    },
    count,
  };
}
