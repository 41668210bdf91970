/** A value with the interval that holds the true one in 95 of 100 cases. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5th percentile of the normal distribution. */
const Z = 1.959964;
const RESAMPLES = 2_000;

/** Wilson's interval of a share. It holds with few tasks too, and where all or none are right. */
export function shareOf(right: number, total: number): Estimate {
  if (total === 0) {
    return { value: 0, low: 0, high: 1 };
  }
  const share = right / total;
  const spread = Z ** 2 / total;
  const middle = (share + spread / 2) / (1 + spread);
  const half = (Z / (1 + spread)) * Math.sqrt((share * (1 - share)) / total + spread / (4 * total));
  return { value: share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The mean, with the interval that a percentile bootstrap gives. The seed is fixed, so the same values give the same. */
export function meanOf(values: readonly number[]): Estimate {
  const total = values.length;
  if (total === 0) {
    return { value: 0, low: 0, high: 0 };
  }
  const random = createRandom(20_260_302);
  const draw = () => values[Math.floor(random() * total)] ?? 0;
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(draw))).sort(
    (one, other) => one - other,
  );
  const at = (share: number) => means[Math.floor(share * (RESAMPLES - 1))] ?? 0;
  return { value: mean(values), low: at(0.025), high: at(0.975) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Marsaglia's xorshift with 32 bits: numbers from 0 to below 1. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
