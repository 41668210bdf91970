/** A function that expressions may call. */
export interface MathFunction {
  /** The fewest arguments it takes. */
  readonly min: number;
  /** The most arguments it takes. */
  readonly max: number;
  apply(values: readonly number[]): number;
}

/** A number without the noise of binary fractions: 0.1 + 0.2 is 0.3. Whole numbers stay as they are. */
export function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

/** The sum without the noise of binary fractions between its parts: one cent a million times is 10,000. */
export function sum(values: Iterable<number>): number {
  // Neumaier's summation.
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** The mean; NaN of nothing. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** The smallest value. */
export function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/** The largest value. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Rounded to so many digits after the point, halves away from zero, as people round. */
export function round(value: number, digits = 0): number {
  const scale = 10 ** Math.trunc(digits);
  const scaled = withoutNoise(Math.abs(value) * scale);
  return (Math.sign(value) * Math.round(scaled)) / scale;
}

const one = (apply: (value: number) => number): MathFunction => ({
  min: 1,
  max: 1,
  apply: ([value = Number.NaN]) => apply(value),
});
const two = (min: 1 | 2, apply: (first: number, second: number | undefined) => number): MathFunction => ({
  min,
  max: 2,
  apply: ([first = Number.NaN, second]) => apply(first, second),
});
const any = (apply: (values: readonly number[]) => number): MathFunction => ({
  min: 1,
  max: Number.POSITIVE_INFINITY,
  apply,
});
/** sin(pi) is 0, not 1.2e-16. */
const angle = (apply: (value: number) => number): MathFunction =>
  one((value) => (Math.abs(apply(value)) < 1e-15 ? 0 : apply(value)));

/** The functions that expressions may call, by name; a Map, so that "constructor" is none. */
export const MATH_FUNCTIONS: ReadonlyMap<string, MathFunction> = new Map([
  ["sqrt", one(Math.sqrt)],
  ["abs", one(Math.abs)],
  ["floor", one((value) => Math.floor(withoutNoise(value)))],
  ["ceil", one((value) => Math.ceil(withoutNoise(value)))],
  ["round", two(1, round)],
  ["ln", one(Math.log)],
  [
    "log",
    two(1, (value, base) => (base === undefined ? Math.log10(value) : Math.log(value) / Math.log(base))),
  ],
  ["log10", one(Math.log10)],
  ["log2", one(Math.log2)],
  ["exp", one(Math.exp)],
  ["pow", two(2, (base, exponent = Number.NaN) => base ** exponent)],
  ["sin", angle(Math.sin)],
  ["cos", angle(Math.cos)],
  ["tan", angle(Math.tan)],
  ["min", any(smallest)],
  ["max", any(largest)],
  ["sum", any(sum)],
  ["avg", any(mean)],
  ["mean", any(mean)],
  ["average", any(mean)],
  ["median", any(median)],
]);

/** The names that expressions may use. */
export const MATH_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);
