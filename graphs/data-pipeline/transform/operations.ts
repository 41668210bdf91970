import { z } from "zod";
import { COLUMN_TYPES } from "../cell.js";

const columnName = z.string().min(1);
const operandSchema = z.union([
  z.strictObject({ column: columnName }),
  z.strictObject({ value: z.union([z.string(), z.number()]) }),
]);
/** What a derived column is made of: a column, or a value. */
export type Operand = z.infer<typeof operandSchema>;

/** How a column is derived from others. */
export const DERIVATIONS = [
  "add",
  "subtract",
  "multiply",
  "divide",
  "concatenate",
  "year",
  "quarter",
  "month",
  "lower",
  "upper",
] as const;
/** How rows are compared with a value. */
export const COMPARISONS = ["=", "!=", "<", "<=", ">", ">=", "contains", "is empty", "is not empty"] as const;
/** What can be worked out of a group of rows. */
export const AGGREGATES = ["sum", "average", "minimum", "maximum", "count", "distinct"] as const;

/** The declared operations; each is checked against the columns before a row is touched. */
export const operationSchema = z.discriminatedUnion("op", [
  z.strictObject({
    op: z.literal("rename"),
    columns: z.array(z.strictObject({ from: columnName, to: columnName })).min(1),
  }),
  z.strictObject({ op: z.literal("select"), columns: z.array(columnName).min(1) }),
  z.strictObject({ op: z.literal("cast"), column: columnName, type: z.enum(COLUMN_TYPES) }),
  z.strictObject({
    op: z.literal("filter"),
    column: columnName,
    is: z.enum(COMPARISONS),
    value: z.union([z.string(), z.number()]).optional(),
  }),
  z.strictObject({
    op: z.literal("derive"),
    column: columnName.describe("the new column"),
    by: z.enum(DERIVATIONS),
    of: z.array(operandSchema).min(1),
    decimals: z.number().int().min(0).max(12).optional(),
  }),
  z.strictObject({
    op: z.literal("join"),
    dataset: z.string().describe("the other dataset; the columns it is joined on must be unique there"),
    on: z.array(z.strictObject({ left: columnName, right: columnName })).min(1),
    columns: z
      .array(z.strictObject({ column: columnName, as: columnName.optional() }))
      .describe("what is taken from the other dataset"),
    unmatched: z.enum(["keep", "drop"]).optional().describe("rows without a partner; kept by default"),
  }),
  z.strictObject({
    op: z.literal("aggregate"),
    by: z.array(columnName).describe("one row for each value of these; none: one row for all"),
    measures: z
      .array(z.strictObject({ as: columnName, by: z.enum(AGGREGATES), column: columnName.optional() }))
      .min(1),
  }),
]);
/** One of the declared operations. */
export type Operation = z.infer<typeof operationSchema>;
