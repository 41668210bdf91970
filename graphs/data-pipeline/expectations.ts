import { z } from "zod";
import { COLUMN_RULE_SHAPE, type ColumnRule, type TableRule } from "./rules.js";

/** What is expected of a column beside the rules file. */
export const expectationSchema = z.object({ column: z.string(), ...COLUMN_RULE_SHAPE });
/** See `expectationSchema`. */
export type Expectation = z.infer<typeof expectationSchema>;

/** The rules for each column: the file's, and in their place what this goal expects. */
export function mergeExpectations(
  { columns = {}, key = [] }: TableRule,
  expected: readonly Expectation[],
): Map<string, ColumnRule> {
  const merged = new Map<string, ColumnRule>(Object.entries(columns));
  for (const { column, ...rule } of expected) {
    merged.set(column, { ...merged.get(column), ...rule });
  }
  for (const column of key) {
    merged.set(column, { ...merged.get(column), required: true });
  }
  const [only, ...others] = key;
  if (only !== undefined && others.length === 0) {
    merged.set(only, { ...merged.get(only), unique: true });
  }
  return merged;
}
