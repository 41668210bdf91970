import { z } from "zod";
import type { Database } from "../shared/open-database.js";
import { REASONS } from "./read-records.js";

const policySchema = z.object({
  category: z.string(),
  reason: z.enum([...REASONS, "any"]),
  refundable: z.number().transform((flag) => flag === 1),
  windowDays: z.number().nullable(),
  feePercent: z.number().nullable(),
  maxCents: z.number().nullable(),
  note: z.string(),
});

/** Why a customer wants money back. */
export type Reason = (typeof REASONS)[number];
/** A row of the refund policies. */
export type Policy = z.infer<typeof policySchema>;

/** All rows of the refund policies, or those that can hold for a category. */
export function readPolicies(database: Database, category?: string): Policy[] {
  return database
    .prepare(
      `select category, reason, refundable, window_days as windowDays, fee_percent as feePercent,
       max_cents as maxCents, note from refund_policies order by category, reason`,
    )
    .all()
    .map((row) => policySchema.parse(row))
    .filter((policy) => category === undefined || ["any", category].includes(policy.category));
}

/** The row that holds: one that names the category comes before one that does not, then one that names the reason. */
export function findPolicy(
  policies: readonly Policy[],
  category: string,
  reason: Reason,
): Policy | undefined {
  const row = (ofCategory: string, ofReason: Policy["reason"]) =>
    policies.find((policy) => policy.category === ofCategory && policy.reason === ofReason);
  return row(category, reason) ?? row(category, "any") ?? row("any", reason) ?? row("any", "any");
}

/** A reason as people read it. */
export function nameReason(reason: Policy["reason"]): string {
  const names = {
    damaged: "damaged goods",
    wrong_item: "a wrong item",
    changed_mind: "returns without a fault",
    any: "any reason",
  } as const;
  return names[reason];
}
