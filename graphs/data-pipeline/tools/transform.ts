import { tool } from "@langchain/core/tools";
import { type JsonValue, requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import { readRun } from "../run.js";
import { type Staging, withStaging } from "../staging.js";
import { applyOperations } from "../transform/apply-operations.js";
import { operationSchema } from "../transform/operations.js";
import type { Table } from "../transform/table.js";
import type { Folders } from "./folders.js";

/** A tool that makes a dataset of others: `{ dataset, output, operations }` → `{ dataset, rows, columns, operations, notes? }`. */
export function createTransformTool({ workspace }: Folders) {
  return tool(
    ({ dataset, output, operations }, config) =>
      withStaging(workspaceFor(workspace, requesterOf(config)), readRun(config), (staging) => {
        const work: JsonValue = ["transform", dataset, JSON.stringify(operations)];
        const before = staging.resultOf(output, work);
        if (before !== undefined) {
          return before;
        }
        const start = passedTable(staging, dataset);
        const { table, counts, notes } = applyOperations(start, operations, (name) =>
          passedTable(staging, name),
        );
        const result: JsonValue = {
          dataset: output,
          table: output,
          rows: table.rows.length,
          columns: table.columns.map(({ name, type }) => `${name}: ${type}`),
          operations: counts.map(({ operation, rowsIn, rowsOut }) => `${operation}: ${rowsIn} → ${rowsOut}`),
          ...(notes.length > 0 && { notes }),
        };
        const content = table.rows.map((values, index) => ({ row: index + 1, values }));
        staging.note("transform", output, result);
        for (const note of notes) {
          staging.note("warning", `${output}: ${note}`, null);
        }
        const { columns } = table;
        staging.save({ name: output, table: output, columns, madeBy: "transform", content }, work, result);
        return result;
      }),
    {
      name: "transform",
      description:
        "Makes a new dataset out of datasets that passed their validation, by operations in their order: rename, select, cast, filter, derive, join, aggregate. Sums are exact. Validate the result before it is loaded.",
      schema: z.object({
        dataset: z.string().describe("the dataset to begin with"),
        output: z.string().min(1).describe("the new dataset's name"),
        operations: z.array(operationSchema).min(1),
      }),
    },
  );
}

function passedTable(staging: Staging, name: string): Table {
  const dataset = staging.get(name);
  if (dataset.isValid !== true) {
    throw new Error(`"${name}" has not passed a validation. Validate it first.`);
  }
  return { columns: dataset.columns, rows: staging.rows(dataset) };
}
