/** A function that expressions may call with `min` to `max` arguments. */
export interface MathFunction {
  readonly min: number;
  readonly max: number;
  apply(values: readonly number[]): number;
}

/** Removes the noise of binary fractions: 0.1 + 0.2 becomes 0.3. Whole numbers stay as they are. */
export function withoutNoise(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(15));
}

/** Sums without the rounding errors of binary fractions: a million cents are 10,000. */
export function sum(values: Iterable<number>): number {
  // This is Neumaier's summation.
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** The mean; NaN for no values. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

/** The middle value, or the mean of the two middle ones; NaN for no values. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length / 2;
  return mean(sorted.slice(Math.ceil(middle) - 1, Math.floor(middle) + 1));
}

/** The smallest value; Infinity for no values. */
export function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
}

/** The largest value; -Infinity for no values. */
export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}

/** Rounds to a number of digits after the point, halves away from zero, as people do. */
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
/** Makes sin(pi) equal 0, not 1.2e-16. */
const angle = (apply: (value: number) => number): MathFunction =>
  one((value) => (Math.abs(apply(value)) < 1e-15 ? 0 : apply(value)));

/** The functions that expressions may call, by name. It is a Map so that names like "constructor" find nothing. */
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

/** The constants that expressions may use, by name. */
export const MATH_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ["pi", Math.PI],
  ["e", Math.E],
]);
