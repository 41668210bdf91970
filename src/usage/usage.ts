import { z } from "zod";
import { costOf, type Prices, priceOf, roundUsd } from "./prices.js";
import { addTokenUsage, emptyTokenUsage, type TokenUsage, tokenUsageSchema } from "./tokens.js";

/** For what a model is called. */
export const usageRoleSchema = z.enum(["planner", "executor", "replanner", "answer"]);

/** For what a model is called. */
export type UsageRole = z.infer<typeof usageRoleSchema>;

/** Calls, tokens and dollars. */
const usageCountSchema = tokenUsageSchema.extend({
  calls: z.int().min(0).describe("Model calls, each attempt counted once."),
  failedCalls: z.int().min(0).describe("Those of the calls that failed."),
  costUsd: z
    .number()
    .min(0)
    .nullable()
    .describe("What the calls cost, in US dollars; null where a model was called whose price is not known."),
});

/** Calls, tokens and dollars. */
export type UsageCount = z.infer<typeof usageCountSchema>;

/** What a turn used: in all, by role, and by step. Plain JSON. */
export const usageSchema = usageCountSchema.extend({
  byRole: z
    .object({
      planner: usageCountSchema.describe("What planning used."),
      executor: usageCountSchema.describe("What the steps used."),
      replanner: usageCountSchema.describe("What replanning used."),
      answer: usageCountSchema.describe("What the closing calls used."),
    })
    .describe("What each role used."),
  byStep: z.record(z.string(), usageCountSchema).describe("What each step used, by its id."),
  cutOff: z
    .int()
    .min(1)
    .optional()
    .describe(
      "How often work was cut off (a kill, a cancel) and begun again: what the calls then under way cost is not " +
        "in here, so at least this much was billed. Left out: never.",
    ),
});

/** What a turn used: in all, by role, and by step. */
export type Usage = z.infer<typeof usageSchema>;

/** The usage of work that was cut off: it cost nothing that is known. */
export function cutOffUsage(): Usage {
  return { ...emptyUsage(), cutOff: 1 };
}

/** The count of no call: it costs nothing, which is not the same as an unknown cost. */
export function emptyUsageCount(): UsageCount {
  return { calls: 0, failedCalls: 0, ...emptyTokenUsage(), costUsd: 0 };
}

/** The usage of a turn that has called no model. */
export function emptyUsage(): Usage {
  return {
    ...emptyUsageCount(),
    byRole: {
      planner: emptyUsageCount(),
      executor: emptyUsageCount(),
      replanner: emptyUsageCount(),
      answer: emptyUsageCount(),
    },
    byStep: {},
  };
}

/** Both together, in whatever order and grouping: the reducer of the state. */
export function addUsage(left: Usage, right: Usage): Usage {
  const cutOff = (left.cutOff ?? 0) + (right.cutOff ?? 0);
  return {
    ...addUsageCounts(left, right),
    byRole: {
      planner: addUsageCounts(left.byRole.planner, right.byRole.planner),
      executor: addUsageCounts(left.byRole.executor, right.byRole.executor),
      replanner: addUsageCounts(left.byRole.replanner, right.byRole.replanner),
      answer: addUsageCounts(left.byRole.answer, right.byRole.answer),
    },
    byStep: addByStep(left.byStep, right.byStep),
    ...(cutOff === 0 ? {} : { cutOff }),
  };
}

/** Both together; the cost is unknown where one of them is. */
function addUsageCounts(left: UsageCount, right: UsageCount): UsageCount {
  return {
    calls: left.calls + right.calls,
    failedCalls: left.failedCalls + right.failedCalls,
    ...addTokenUsage(left, right),
    costUsd: addCosts(left.costUsd, right.costUsd),
  };
}

/** The sum of two costs, null where one of them is not known. */
export function addCosts(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : roundUsd(left + right);
}

// A step may be named "__proto__" or "constructor": a map knows only what was put into it, and fromEntries
// defines properties where an assignment would set the prototype.
function addByStep(left: Usage["byStep"], right: Usage["byStep"]): Usage["byStep"] {
  const sums = new Map(Object.entries(left));
  for (const [stepId, count] of Object.entries(right)) {
    const sum = sums.get(stepId);
    sums.set(stepId, sum === undefined ? count : addUsageCounts(sum, count));
  }
  return Object.fromEntries(sums);
}

/** One model call that has ended. */
interface ModelCall {
  /** For what the model was called. */
  readonly role: UsageRole;
  /** The step for which it was called, if for one. */
  readonly stepId?: string;
  /** The model's name, with or without its provider. */
  readonly model: string;
  /** What it used. @default nothing */
  readonly tokens?: TokenUsage;
  /** Whether it failed. @default false */
  readonly failed?: boolean;
}

/** The usage of one model call. */
export function usageOfCall(
  { role, stepId, model, tokens = emptyTokenUsage(), failed = false }: ModelCall,
  prices: Prices,
): Usage {
  const price = priceOf(model, prices);
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = tokens;
  const count: UsageCount = {
    calls: 1,
    failedCalls: failed ? 1 : 0,
    inputTokens,
    outputTokens,
    cachedInputTokens,
    reasoningTokens,
    costUsd: price === undefined ? null : costOf(tokens, price),
  };
  return {
    ...count,
    byRole: { ...emptyUsage().byRole, [role]: count },
    byStep: Object.fromEntries(stepId === undefined ? [] : [[stepId, count]]),
  };
}

/** Adds up what calls cost. */
export interface UsageMeter {
  add(usage: Usage): void;
  total(): Usage;
}

/** A meter that stands at nothing, or at what it is begun with. */
export function createUsageMeter(begin: Usage = emptyUsage()): UsageMeter {
  let total = begin;
  return {
    add(usage) {
      total = addUsage(total, usage);
    },
    total: () => total,
  };
}
