import { tool } from "@langchain/core/tools";
import { z } from "zod";
import { RULES_FILE, readRules } from "../rules.js";
import { chooseSources, findSources } from "../sources.js";
import type { Folders } from "./folders.js";

/** A tool that names the tables in the files of the data folder: `{ tables? }` → `{ sources, rules, measures }`. */
export function createListSourcesTool({ data }: Folders) {
  return tool(
    async ({ tables = [] }) => {
      const rules = readRules(data);
      const sources = chooseSources(await findSources(data), tables);
      if (sources.length === 0) {
        throw new Error(`The data folder ${data} has no CSV, JSON or SQLite file.`);
      }
      return {
        sources: sources.map(({ name, file, kind }) => ({ name, file, kind })),
        rules: Object.keys(rules.tables).length > 0 ? RULES_FILE : null,
        measures: Object.entries(rules.measures).map(([name, measure]) => ({ name, ...measure })),
      };
    },
    {
      name: "list_sources",
      description:
        "Names the tables in the CSV, JSON and SQLite files of the data folder, and the measures that its rules file declares. Fails if one that is asked for is not there.",
      schema: z.object({
        tables: z
          .array(z.string())
          .optional()
          .describe("names of tables or files, in singular or plural; left out: all of them"),
      }),
      metadata: { readOnly: true },
    },
  );
}
