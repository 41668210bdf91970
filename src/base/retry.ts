/** How long to wait before the next attempt. */
export interface Backoff {
  /** The wait before the second attempt, in milliseconds; it doubles with each further one. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * The wait after this many failed attempts: between half and all of the doubled base, so that runs which failed
 * together do not try again together.
 */
export function backoffMs(failedAttempts: number, { baseMs, maxMs }: Backoff, random: () => number): number {
  const longest = Math.min(maxMs, baseMs * 2 ** (failedAttempts - 1));
  return Math.round(longest * (0.5 + random() / 2));
}
