import { expect, test } from "vitest";
import { LONGEST_DURATION_MS } from "../../src/base/duration.js";
import { toDuration, toMilliseconds } from "../../src/base/index.js";

test.each([
  [1, 1],
  ["250ms", 250],
  ["90s", 90_000],
  ["30m", 1_800_000],
  ["24h", 86_400_000],
  ["1.5h", 5_400_000],
  [" 7 d ", 604_800_000],
  ["2w", 1_209_600_000],
  [LONGEST_DURATION_MS, LONGEST_DURATION_MS],
])("%j is %d milliseconds", (duration, ms) => {
  expect(toMilliseconds(duration)).toBe(ms);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, LONGEST_DURATION_MS + 1])(
  "the number %d is no duration",
  (duration) => {
    expect(toMilliseconds(duration)).toBeUndefined();
  },
);

test.each([
  "",
  "0h",
  "24",
  "h",
  "-5m",
  "1e3s",
  "24 hours",
  "1h30m",
  "9999w",
  "1constructor",
  "1".repeat(400),
])("the text %j is no duration", (duration) => {
  expect(toMilliseconds(duration)).toBeUndefined();
});

test("durations are written as people read them", () => {
  expect([0, 999, 1_000, 1_234, 9_960, 59_000, 59_990, 61_000].map(toDuration)).toEqual([
    "0 ms",
    "999 ms",
    "1 s",
    "1.2 s",
    "10 s",
    "59 s",
    "59 s",
    "1 min 1 s",
  ]);
});
