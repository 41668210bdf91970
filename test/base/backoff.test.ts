import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "../../src/base/index.js";

const backoff = { baseMs: 500, maxMs: 10_000 };

test("the wait doubles with each failed attempt, up to the longest", () => {
  const waits = [1, 2, 3, 4, 5, 6, 60].map((failed) => backoffMs(failed, backoff, () => 1));
  expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("chance takes up to half of it away", () => {
  expect(backoffMs(1, backoff, () => 0)).toBe(250);
  expect(backoffMs(2, backoff, () => 0.5)).toBe(750);
});

test("a wait is a whole number between half and all of what is due", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (failed, chance) => {
        const wait = backoffMs(failed, backoff, () => chance);
        const due = Math.min(10_000, 500 * 2 ** (failed - 1));
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(due / 2);
        expect(wait).toBeLessThanOrEqual(due);
      },
    ),
  );
});

test("no base is no wait", () => {
  expect(backoffMs(3, { baseMs: 0, maxMs: 0 }, () => 1)).toBe(0);
});
