// Owns: tokens, dollars and limits: how they are counted, added up and enforced.
// Gives: usage by role, by model and by step, prices, and a budget that refuses a call before it is made.
// Does not touch: models. It is told what a call used.
export { createTurnBudget, type TurnBudget } from "./budget.js";
export { joinBudgets } from "./join-budgets.js";
export { KNOWN_PRICES, KNOWN_PRICES_DATE } from "./known-prices.js";
export {
  type Budget,
  type BudgetLimits,
  createLedger,
  type Ledger,
  type LedgerRefusal,
  noSpending,
  type Reservation,
  type Spending,
  spendingSchema,
} from "./ledger.js";
export type { LimitName, Limits, PricedCall } from "./limits.js";
export { type Price, type Prices, priceOf, priceSchema } from "./prices.js";
export { CHARACTERS_PER_TOKEN, emptyTokenUsage, estimateTokens, type TokenUsage } from "./tokens.js";
export {
  addUsage,
  addUsageCounts,
  type CallUsage,
  callUsageSchema,
  costWithModel,
  createUsageMeter,
  cutOffUsage,
  emptyUsage,
  type Usage,
  type UsageCount,
  type UsageMeter,
  type UsageRole,
  usageByModelSchema,
  usageCountSchema,
  usageOf,
  usageOfCall,
  usageRoleSchema,
  usageSchema,
  withoutParts,
} from "./usage.js";
