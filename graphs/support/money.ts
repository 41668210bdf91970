import { z } from "zod";

/** An amount as files write it ("79.90"), in cents: money is counted in whole numbers. */
export const centsSchema = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,2})?$/, 'must be an amount such as "79.90"')
  .transform((text) => {
    const [whole = "", fraction = ""] = text.split(".");
    return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
  });

/** An amount as tools take it: above zero, at most two decimals. */
export const amountSchema = z
  .number()
  .positive()
  .max(1e10)
  .refine(
    (amount) => Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-6,
    "must have at most two decimals",
  );

/** An amount in cents. */
export function toCents(amount: number): number {
  return Math.round(amount * 100);
}

/** Cents as an amount. */
export function toAmount(cents: number): number {
  return cents / 100;
}

/** An amount as people read it. */
export function formatMoney(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}

/** A percentage of cents, in whole cents, halves rounded up. */
export function percentOf(cents: number, percent: number): number {
  return Math.floor((cents * Math.round(percent * 100) + 5_000) / 10_000);
}
