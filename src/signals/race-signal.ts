/**
 * The promise, or a rejection with the signal's reason as soon as it is aborted; then nobody waits for the promise.
 * Without a signal it is the promise alone.
 */
export async function raceSignal<Value>(
  promise: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return promise;
  promise.catch(ignore);
  let stop: () => void = ignore;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  aborted.catch(ignore);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function ignore(): void {}
