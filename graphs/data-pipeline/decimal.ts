// Money must not be added in binary: 0.1 + 0.2 is 0.30000000000000004 there. A number is taken as the decimal
// that it is written as, and what comes out is the number that is written as the exact result.

/** A decimal number: `digits` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** The number as it is written. */
export function toDecimal(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

/** The nearest number. */
export function fromDecimal({ digits, scale }: Decimal): number {
  return scale === 0 ? Number(digits) : Number(`${digits}e-${scale}`);
}

/** The sum of two decimals. */
export function plus(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale);
  return { digits: raise(left, scale) + raise(right, scale), scale };
}

/** The first without the second. */
export function minus(left: Decimal, right: Decimal): Decimal {
  return plus(left, { digits: -right.digits, scale: right.scale });
}

/** The product of two decimals. */
export function times(left: Decimal, right: Decimal): Decimal {
  return { digits: left.digits * right.digits, scale: left.scale + right.scale };
}

/** A decimal with so many places after the point, halves away from zero. */
export function roundTo(value: Decimal, places: number): Decimal {
  if (value.scale <= places) {
    return value;
  }
  const divisor = 10n ** BigInt(value.scale - places);
  const half = (value.digits < 0n ? -divisor : divisor) / 2n;
  return { digits: (value.digits + half) / divisor, scale: places };
}

/** The exact sum of numbers, as a number. */
export function sumOf(values: readonly number[]): number {
  return fromDecimal(values.reduce((sum, value) => plus(sum, toDecimal(value)), { digits: 0n, scale: 0 }));
}

function raise({ digits, scale }: Decimal, to: number): bigint {
  return to === scale ? digits : digits * 10n ** BigInt(to - scale);
}
