export { addUsage } from "./add-usage.js";
export {
  type Budget,
  type BudgetOptions,
  type BudgetVerdict,
  createBudget,
  type Reservation,
  type Spending,
} from "./budget.js";
export { CHARACTERS_PER_TOKEN, estimateTokens } from "./estimate-tokens.js";
export type { PlannedCall, PricedCall, Refusal } from "./find-refusal.js";
export { type LimitName, type Limits, limitsSchema } from "./limits.js";
export { costOf, type Price, type Prices, priceOf, priceSchema, pricesSchema } from "./prices.js";
export { addTokenUsage, emptyTokenUsage, type TokenUsage, tokenUsageSchema } from "./token-usage.js";
export {
  cutOffUsage,
  emptyUsage,
  emptyUsageCount,
  type Usage,
  type UsageCount,
  type UsageRole,
  usageCountSchema,
  usageRoleSchema,
  usageSchema,
} from "./usage.js";
export { type ModelCall, usageOfCall } from "./usage-of-call.js";
