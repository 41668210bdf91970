import { z } from "zod";
import { AGGREGATE_OPERATIONS } from "./aggregate.js";
import { CONDITION_OPERATIONS } from "./filter-rows.js";

/** The fields of a table query, as csv_query and json_query take them. */
export const TABLE_QUERY_SHAPE = {
  select: z.array(z.string()).nullish().describe("Columns to give; left out: all."),
  where: z
    .array(
      z.object({
        column: z.string(),
        op: z.enum(CONDITION_OPERATIONS),
        value: z.union([z.string(), z.number(), z.boolean(), z.null()]).describe("null: empty."),
      }),
    )
    .nullish()
    .describe("Conditions that all have to hold."),
  groupBy: z.array(z.string()).nullish().describe("Columns whose equal values make one row."),
  aggregates: z
    .array(
      z.object({
        op: z.enum(AGGREGATE_OPERATIONS),
        column: z.string().nullish().describe("Not needed for count."),
        as: z.string().nullish().describe("Name of the result; left out: sum_amount, count, …"),
      }),
    )
    .nullish()
    .describe("Figures over all rows, or over each group."),
  orderBy: z
    .array(z.object({ column: z.string(), direction: z.enum(["asc", "desc"]).nullish() }))
    .nullish()
    .describe("Columns or figures to sort by; the highest: desc with limit 1."),
  limit: z.int().min(0).nullish().describe("Give at most so many rows."),
};

/** The JSON Schema of what a query gives: see `TableAnswer`. */
export const TABLE_ANSWER_SCHEMA = {
  type: "object",
  properties: {
    rows: { type: "array", items: { type: "object" } },
    count: { type: "number" },
    value: {},
    truncated: { type: "boolean" },
  },
  required: ["rows", "count"],
  additionalProperties: false,
} as const;
