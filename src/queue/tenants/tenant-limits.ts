import { z } from "zod";
import { QueueError } from "../queue-error.js";
import type { DayLimits } from "./tenant-budget.js";

/** What a tenant may use, over all workers. */
export interface TenantLimits {
  /** Runs at once. @default no limit */
  readonly runs?: number;
  /** Model calls from midnight to midnight, UTC. A run that meets the limit ends as incomplete. @default no limit */
  readonly modelCallsPerDay?: number;
  /** US dollars from midnight to midnight, UTC; every model needs a price then. @default no limit */
  readonly costUsdPerDay?: number;
}

/** The limits in the form that they are kept. */
export interface CheckedLimits {
  /** For pg-boss; undefined: no tenant has a limit. */
  readonly groupConcurrency:
    | { readonly default: number; readonly tiers: Readonly<Record<string, number>> }
    | undefined;
  /** How many runs a tenant may have at once; undefined: no limit. */
  readonly runsOf: (tenant: string) => number | undefined;
  readonly ofDay: (tenant: string) => DayLimits;
}

const limitsSchema = z.strictObject({
  runs: z.int().min(1).optional(),
  modelCallsPerDay: z.int().min(1).optional(),
  costUsdPerDay: z.number().positive().optional(),
});
const givenSchema = z.object({
  limits: limitsSchema.default({}),
  tenants: z.record(z.string(), limitsSchema).default({}),
});
/** pg-boss wants a number for those who have no limit beside others who have one. */
const NO_LIMIT = 1_000_000;

/** Checks the limits of tenants. */
export function checkLimits(given: {
  readonly limits?: TenantLimits;
  readonly tenants?: Readonly<Record<string, TenantLimits>>;
}): CheckedLimits {
  const { success, data, error } = givenSchema.safeParse(given);
  if (!success) {
    throw new QueueError("INVALID_OPTIONS", `The limits of tenants: ${z.prettifyError(error)}`);
  }
  const { limits, tenants } = data;
  const all = Object.entries(tenants);
  const hasRuns = [limits, ...Object.values(tenants)].some(({ runs }) => runs !== undefined);
  const tiers = Object.fromEntries(all.map(([tenant, { runs }]) => [tenant, runs ?? NO_LIMIT]));
  return {
    groupConcurrency: hasRuns ? { default: limits.runs ?? NO_LIMIT, tiers } : undefined,
    runsOf: (tenant) => (tenants[tenant] ?? limits).runs,
    ofDay(tenant) {
      const { modelCallsPerDay: modelCalls, costUsdPerDay: costUsd } = tenants[tenant] ?? limits;
      return { modelCalls, costUsd };
    },
  };
}
