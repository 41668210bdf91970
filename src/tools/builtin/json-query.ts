import { tool } from "@langchain/core/tools";
import { z } from "zod";
import type { JsonValue } from "../../plan/index.js";
import type { FileRoot } from "./file-root.js";
import { Pace } from "./in-slices.js";
import { parseJsonDocument } from "./json-document.js";
import { jsonTable, valueAt } from "./json-table.js";
import { tableQueryShape } from "./query-schema.js";
import { queryTable, type TableAnswer } from "./table-query.js";

const jsonQuerySchema = z.object({
  path: z.string().describe("Path of the JSON file, from the root folder."),
  at: z.string().nullish().describe("Place in the document: orders, orders[0].items; left out: all of it."),
  ...tableQueryShape,
});

/** A tool that asks a JSON file like a table, or gives what stands at one place of it: `{ value }`. */
export function createJsonQueryTool(files: FileRoot) {
  return tool(
    async ({ path, at, ...query }, config): Promise<TableAnswer | { value: JsonValue }> => {
      const pace = new Pace(config.signal);
      const document = await pace.carryOut(parseJsonDocument(await files.readText(path, config), path));
      const value = valueAt(document, at ?? "");
      const isQuery = Object.values(query).some((field) => field !== undefined && field !== null);
      if (!isQuery) return { value };
      const table = await pace.carryOut(jsonTable(value, path));
      return pace.carryOut(queryTable(table, query));
    },
    {
      name: "json_query",
      description:
        "Gives a value out of a JSON file, or asks a list of records in it: filters, groups, works out sum, avg, min, max, count, median or distinct of a field, sorts.",
      schema: jsonQuerySchema,
      metadata: { readOnly: true },
    },
  );
}
