import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backoffMs, Retry } from "../../src/base/index.js";

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

describe("Retry", () => {
  const waits: number[] = [];
  const pace = {
    backoff,
    random: () => 1,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted();
      waits.push(ms);
    },
  };

  test("allows as many attempts as it is given, waits longer each time, and counts them", async () => {
    waits.length = 0;
    const retry = new Retry({ attempts: 3, pace });
    expect(retry.attempt).toBe(1);
    expect(await retry.again("a")).toBe(true);
    expect(retry.attempt).toBe(2);
    expect(await retry.again("b")).toBe(true);
    expect(await retry.again("c")).toBe(false);
    expect(retry.attempt).toBe(3);
    expect(waits).toEqual([500, 1_000]);
  });

  test("tells what comes before it waits", async () => {
    waits.length = 0;
    const told: unknown[] = [];
    const onRetry = (next: unknown) => told.push([next, waits.length]);
    await new Retry<string>({ attempts: 2, pace, onRetry }).again("no luck");
    expect(told).toEqual([[{ attempt: 2, delayMs: 500, failure: "no luck" }, 0]]);
  });

  test("waits as long as a failure asks, and tells that it asked", async () => {
    waits.length = 0;
    const told: unknown[] = [];
    const onRetry = (next: unknown) => told.push(next);
    const waitMs = (failure: string) => (failure === "busy" ? 7 : undefined);
    const retry = new Retry<string>({ attempts: 3, pace, waitMs, onRetry });
    await retry.again("busy");
    await retry.again("no luck");
    expect(waits).toEqual([7, 1_000]);
    expect(told).toStrictEqual([
      { attempt: 2, delayMs: 7, askedMs: 7, failure: "busy" },
      { attempt: 3, delayMs: 1_000, askedMs: undefined, failure: "no luck" },
    ]);
  });

  test("allows none, and does not wait, where a failure is not worth it", async () => {
    waits.length = 0;
    const retry = new Retry({ attempts: 3, pace, isWorth: (failure) => failure === "later" });
    expect(await retry.again("never")).toBe(false);
    expect(await retry.again("later")).toBe(true);
    expect(waits).toEqual([500]);
  });

  test("waits as long as a failure asks for", async () => {
    waits.length = 0;
    const retry = new Retry<number | undefined>({ attempts: 3, pace, waitMs: (asked) => asked });
    await retry.again(7);
    await retry.again(undefined);
    expect(waits).toEqual([7, 1_000]);
  });

  test("rejects where the wait is aborted, and has begun no other attempt", async () => {
    const retry = new Retry({ attempts: 3, pace, signal: AbortSignal.abort(new Error("cancelled")) });
    await expect(retry.again("a")).rejects.toThrow("cancelled");
    expect(retry.attempt).toBe(1);
  });
});
