import fc from "fast-check";
import type { Usage } from "../../src/usage/index.js";
import type { UsageCount } from "../../src/usage/usage.js";

const tokens = fc.nat({ max: 1_000_000 });
/** Costs as they come out of `costOf`: whole nano-dollars; sometimes not known. */
const costUsd = fc.option(
  fc.integer({ min: 0, max: 1_000_000_000_000 }).map((nanoDollars) => nanoDollars / 1e9),
  { freq: 10 },
);

const usageCount: fc.Arbitrary<UsageCount> = fc.record({
  calls: fc.nat({ max: 50 }),
  failedCalls: fc.nat({ max: 5 }),
  inputTokens: tokens,
  outputTokens: tokens,
  cachedInputTokens: tokens,
  reasoningTokens: tokens,
  costUsd,
});

const stepId = fc.constantFrom("a", "b", "items[0]", "__proto__", "constructor", "toString");

/** Any usage, steps with awkward names included. */
export const anyUsage: fc.Arbitrary<Usage> = fc
  .record({
    count: usageCount,
    byRole: fc.record({
      planner: usageCount,
      executor: usageCount,
      replanner: usageCount,
      answer: usageCount,
    }),
    byStep: fc
      .array(fc.tuple(stepId, usageCount), { maxLength: 5 })
      .map((steps) => Object.fromEntries(steps)),
    byModel: fc
      .array(fc.tuple(stepId, usageCount), { maxLength: 3 })
      .map((models) => Object.fromEntries(models)),
    cutOff: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  })
  .map(({ count, byRole, byStep, byModel, cutOff }) => ({
    ...count,
    byRole,
    byStep,
    byModel,
    ...(cutOff === undefined ? {} : { cutOff }),
  }));
