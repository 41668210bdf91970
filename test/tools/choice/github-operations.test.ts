// The figures of `npm run tools`: sixty goals over the 1,186 operations of GitHub's API.
import { expect, test } from "vitest";
import { coverAll, createGithubChoice } from "../../../bench/tools/coverage.js";
import { KEPT, SEEN } from "../../../bench/tools/goals.js";

test("of sixty goals over GitHub's API, 95 in 100 have all their tools in the part, and most have them described", async () => {
  const { choose } = createGithubChoice();
  const covered = await coverAll([...SEEN, ...KEPT], choose);
  const share = (isCovered: (one: (typeof covered)[number]) => boolean) =>
    covered.filter(isCovered).length / covered.length;
  expect(share(({ missing }) => missing.length === 0)).toBeGreaterThanOrEqual(0.95);
  expect(share(({ undescribed }) => undescribed.length === 0)).toBeGreaterThanOrEqual(0.75);
  expect(covered.every(({ part }) => part.described.length === 30 && part.named.length === 100)).toBe(true);
});
