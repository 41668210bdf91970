import { z } from "zod";
import { QueueError } from "./queue-error.js";

/** What a tenant may use, over all workers. */
export interface TenantLimits {
  /** Runs at once. @default no limit */
  readonly runs?: number;
}

/** The limits in the form that they are kept. */
export interface CheckedLimits {
  /** For pg-boss; undefined: no tenant has a limit. */
  readonly groupConcurrency:
    | { readonly default: number; readonly tiers: Readonly<Record<string, number>> }
    | undefined;
}

const limitsSchema = z.strictObject({ runs: z.int().min(1).optional() });
const NO_LIMIT = 1_000_000;

/** Checks the limits of tenants. */
export function checkLimits(given: {
  readonly limits?: TenantLimits;
  readonly tenants?: Readonly<Record<string, TenantLimits>>;
}): CheckedLimits {
  const read = z.object({
    limits: limitsSchema.default({}),
    tenants: z.record(z.string(), limitsSchema).default({}),
  });
  const { success, data, error } = read.safeParse(given);
  if (!success) {
    throw new QueueError("INVALID_OPTIONS", `The limits of tenants: ${z.prettifyError(error)}`);
  }
  const { limits, tenants } = data;
  const tiers = Object.entries(tenants).flatMap(([tenant, { runs }]) =>
    runs === undefined ? [] : [[tenant, runs]],
  );
  if (limits.runs === undefined && tiers.length === 0) {
    return { groupConcurrency: undefined };
  }
  return { groupConcurrency: { default: limits.runs ?? NO_LIMIT, tiers: Object.fromEntries(tiers) } };
}
