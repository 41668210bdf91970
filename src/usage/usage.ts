import { z } from "zod";
import { costOf, type Prices, priceOf, roundUsd } from "./prices.js";
import { addTokenUsage, emptyTokenUsage, type TokenUsage, tokenUsageSchema } from "./tokens.js";

/** The schema of the roles for which models are called. */
export const usageRoleSchema = z.enum(["planner", "executor", "replanner", "answer"]);

/** A role for which models are called. */
export type UsageRole = z.infer<typeof usageRoleSchema>;

const costUsd = z
  .number()
  .min(0)
  .nullable()
  .describe("What the calls cost, in US dollars; null where a model was called whose price is not known.");

/** The schema of a count of calls, tokens and dollars. */
export const usageCountSchema = tokenUsageSchema.extend({
  calls: z.int().min(0).describe("Model calls, each attempt counted once."),
  failedCalls: z.int().min(0).describe("Those of the calls that failed."),
  estimatedCalls: z
    .int()
    .min(1)
    .optional()
    .describe(
      "Those of the calls whose provider did not say what they used, so that their tokens are estimated. Left out: " +
        "none.",
    ),
  costUsd,
});

/** A count of calls, tokens and dollars. */
export type UsageCount = z.infer<typeof usageCountSchema>;

export const usageByModelSchema = z
  .record(z.string(), usageCountSchema)
  .describe("What each model used, by its name.");

/** The schema of what one call used. */
export const callUsageSchema = tokenUsageSchema.extend({
  costUsd,
  estimated: z.boolean().describe("Whether the tokens are estimated, because the provider did not say."),
});

/** What one call used. */
export type CallUsage = z.infer<typeof callUsageSchema>;

/** The schema of what a turn used: in all, by role, by model and by step. Plain JSON. */
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
  byModel: usageByModelSchema,
  cutOff: z
    .int()
    .min(1)
    .optional()
    .describe(
      "How often work was cut off (a kill, a cancel) and begun again: what the calls then under way cost is not " +
        "in here, so at least this much was billed. Left out: never.",
    ),
});

/** What a turn used: in all, by role, by model and by step. */
export type Usage = z.infer<typeof usageSchema>;

/** The usage of work that was cut off. What it cost is not known, so it adds nothing but the mark. */
export function cutOffUsage(): Usage {
  return { ...emptyUsage(), cutOff: 1 };
}

/** A count of zero. Its cost is 0, which is not the same as null, an unknown cost. */
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
    byModel: {},
  };
}

/** Adds two usages. The state uses it as a reducer, so order and grouping must not matter. */
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
    byStep: addByKey(left.byStep, right.byStep),
    byModel: addByKey(left.byModel, right.byModel),
    ...(cutOff === 0 ? {} : { cutOff }),
  };
}

/** The sums of a usage, without its parts. */
export function withoutParts({ byRole, byStep, byModel, cutOff, ...sums }: Usage): UsageCount {
  return sums;
}

/** Adds two counts. */
export function addUsageCounts(left: UsageCount, right: UsageCount): UsageCount {
  const estimatedCalls = (left.estimatedCalls ?? 0) + (right.estimatedCalls ?? 0);
  return {
    calls: left.calls + right.calls,
    failedCalls: left.failedCalls + right.failedCalls,
    ...(estimatedCalls === 0 ? {} : { estimatedCalls }),
    ...addTokenUsage(left, right),
    costUsd: addCosts(left.costUsd, right.costUsd),
  };
}

/** Adds two costs; null if either is not known. */
export function addCosts(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : roundUsd(left + right);
}

type Counts = Readonly<Record<string, UsageCount>>;

// A step may be named "__proto__" or "constructor". A Map holds only what was put into it, and Object.fromEntries
// defines such a property, while an assignment would set the prototype. Threads of older versions have no counts by
// model.
function addByKey(left: Counts | undefined, right: Counts | undefined): Record<string, UsageCount> {
  const sums = new Map(Object.entries(left ?? {}));
  for (const [key, count] of Object.entries(right ?? {})) {
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? count : addUsageCounts(sum, count));
  }
  return Object.fromEntries(sums);
}

/** One model call that has ended. */
interface ModelCall {
  /** The role for which the model was called. */
  readonly role: UsageRole;
  /** The step for which the model was called, if any. */
  readonly stepId?: string;
  /** The model's name, with or without its provider. */
  readonly model: string;
  /** Whether it failed. @default false */
  readonly failed?: boolean;
}

/** The tokens of a call. */
interface CallTokens {
  /** The tokens that the call used. @default nothing */
  readonly tokens?: TokenUsage;
  /** Whether the tokens are estimated. @default false */
  readonly estimated?: boolean;
}

/** Turns one model call into usage. */
export function usageOfCall(
  { tokens = emptyTokenUsage(), estimated = false, ...call }: ModelCall & CallTokens,
  prices: Prices,
): Usage {
  return usageOf(call, { ...tokens, estimated, costUsd: costWithModel(tokens, call.model, prices) });
}

/** Turns one model call into usage, if it is known what the call used. */
export function usageOf({ role, stepId, model, failed = false }: ModelCall, used: CallUsage): Usage {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens, costUsd, estimated } = used;
  const count: UsageCount = {
    calls: 1,
    failedCalls: failed ? 1 : 0,
    ...(estimated ? { estimatedCalls: 1 } : {}),
    inputTokens,
    outputTokens,
    cachedInputTokens,
    reasoningTokens,
    costUsd,
  };
  return {
    ...count,
    byRole: { ...emptyUsage().byRole, [role]: count },
    byStep: Object.fromEntries(stepId === undefined ? [] : [[stepId, count]]),
    byModel: Object.fromEntries([[model, count]]),
  };
}

/** Adds up the usage of calls. */
export interface UsageMeter {
  add(usage: Usage): void;
  total(): Usage;
}

/** Creates a meter that starts at zero, or at `begin`. */
export function createUsageMeter(begin: Usage = emptyUsage()): UsageMeter {
  let total = begin;
  return {
    add(usage) {
      total = addUsage(total, usage);
    },
    total: () => total,
  };
}

/**
 * Computes what the same tokens would have cost with one model, such as the planner's: what a run costs without a
 * cheaper model for its steps. Null if the model's price is not known.
 */
export function costWithModel(usage: TokenUsage, model: string, prices: Prices): number | null {
  const price = priceOf(model, prices);
  return price === undefined ? null : costOf(usage, price);
}
