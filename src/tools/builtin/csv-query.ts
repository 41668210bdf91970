import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { parseCsvTable } from "./csv-table.js";
import type { FileRoot } from "./file-root.js";
import { Pace } from "./in-slices.js";
import { tableQueryShape } from "./query-schema.js";
import { queryTable } from "./table-query.js";

const csvQuerySchema = z.object({
  path: z.string().describe("Path of the CSV file, from the root folder; its first line names the columns."),
  ...tableQueryShape,
});

/** A tool that asks a CSV file: `{ path, select?, where?, groupBy?, aggregates?, orderBy?, limit? }` → `{ rows, count, value? }`. */
export function createCsvQueryTool(files: FileRoot) {
  return tool(
    async ({ path, ...query }, config) => {
      const pace = new Pace(config.signal);
      const table = await parseCsvTable(await files.readText(path, config), path, pace);
      return pace.carryOut(queryTable(table, query));
    },
    {
      name: "csv_query",
      description:
        "Asks a CSV file: filters rows, groups them, works out sum, avg, min, max, count, median or distinct of a column, sorts. Gives the rows, their count, and the value where there is only one.",
      schema: csvQuerySchema,
      metadata: { readOnly: true },
    },
  );
}
