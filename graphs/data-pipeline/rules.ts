import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { COLUMN_TYPES } from "./cell.js";

/** The name of the file that declares rules, in the data folder. */
export const RULES_FILE = "rules.json";

const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

/** The fields of a rule for one column. */
export const COLUMN_RULE_SHAPE = {
  type: z.enum(COLUMN_TYPES).optional().describe("what its values must be"),
  required: z.boolean().optional().describe("no row may be without it"),
  unique: z.boolean().optional().describe("no two rows may have the same"),
  min: z.union([z.number(), z.string()]).optional().describe("the least value; a date as 2026-01-31"),
  max: z.union([z.number(), z.string()]).optional().describe("the greatest value"),
  above: z.number().optional().describe("what its values must be greater than"),
  oneOf: z.array(scalarSchema).min(1).optional().describe("the only values that are allowed"),
  default: scalarSchema.optional().describe("what a row without it may be given when it is repaired"),
  formats: z.array(z.string()).optional().describe("other ways its dates may be written, as dd/MM/yyyy"),
  decimal: z.enum([".", ","]).optional().describe("what stands before the decimals where that is unclear"),
  references: z
    .strictObject({ table: z.string(), column: z.string() })
    .optional()
    .describe("the table and column in which its values must be found"),
};

/** A rule for one column: what its values must be, and how they may be repaired. */
export const columnRuleSchema = z.strictObject(COLUMN_RULE_SHAPE);
/** See `columnRuleSchema`. */
export type ColumnRule = z.infer<typeof columnRuleSchema>;

const tableRuleSchema = z.strictObject({
  key: z.array(z.string()).min(1).optional(),
  minRows: z.number().int().min(0).optional(),
  maxRows: z.number().int().min(0).optional(),
  /** The greatest share of rows that may be quarantined. */
  maxQuarantine: z.number().min(0).max(1).optional(),
  columns: z.record(z.string(), columnRuleSchema).optional(),
});
/** Rules for one table. */
export type TableRule = z.infer<typeof tableRuleSchema>;

const rulesSchema = z.strictObject({
  tables: z.record(z.string(), tableRuleSchema).default({}),
  measures: z
    .record(
      z.string(),
      z.strictObject({ multiply: z.array(z.string()).min(1), table: z.string().optional() }),
    )
    .default({}),
});
/** What the rules file declares. */
export type Rules = z.infer<typeof rulesSchema>;

/** The rules of a data folder; none where there is no file. */
export function readRules(data: string): Rules {
  const path = join(data, RULES_FILE);
  if (!existsSync(path)) {
    return { tables: {}, measures: {} };
  }
  const rules = rulesSchema.safeParse(parse(readFileSync(path, "utf8").replace(/^\uFEFF/, "")));
  if (rules.success) {
    return rules.data;
  }
  const issues = rules.error.issues.map(
    ({ path: at, message }) => `${at.join(".") || "the file"}: ${message}`,
  );
  throw new Error(`${RULES_FILE} is not understood: ${issues.join("; ")}. Mend it, or take it away.`);
}

/** The rules of one table, by its name in any case. */
export function rulesOf(rules: Rules, table: string): TableRule {
  const found = Object.entries(rules.tables).find(([name]) => name.toLowerCase() === table.toLowerCase());
  return found?.[1] ?? {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${RULES_FILE} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
