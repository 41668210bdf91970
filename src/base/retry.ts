/** The waiting times between attempts. */
export interface Backoff {
  /** The wait before the second attempt, in milliseconds. It doubles before each further attempt. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
}

/**
 * Computes the wait after this many failed attempts. It is random, between half and all of the doubled base, so that
 * runs which failed together do not retry together.
 */
export function backoffMs(failedAttempts: number, { baseMs, maxMs }: Backoff, random: () => number): number {
  const longest = Math.min(maxMs, baseMs * 2 ** (failedAttempts - 1));
  return Math.round(longest * (0.5 + random() / 2));
}
