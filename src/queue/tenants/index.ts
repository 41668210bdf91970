// Owns: the order of tenants, what each may use, and the pace of model providers that all workers share.
// Gives: places in the queue, limits, and budgets for runs.
// Does not touch: jobs and threads.
export { firstPlace, nextPlace, noteBegun } from "./fair-order.js";
export { ProviderPace } from "./provider-pace.js";
export { TenantBudgets } from "./tenant-budget.js";
export { type CheckedLimits, checkLimits, type TenantLimits } from "./tenant-limits.js";
export { takePlace } from "./tenant-places.js";
