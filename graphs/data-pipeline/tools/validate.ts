import { tool } from "@langchain/core/tools";
import { type JsonValue, requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import { expectationSchema } from "../expectations.js";
import { readRules, rulesOf } from "../rules.js";
import { readRun } from "../run.js";
import { withStaging } from "../staging.js";
import { validateDataset } from "../validate-dataset.js";
import type { Folders } from "./folders.js";

/** A tool that checks a dataset: `{ dataset, expect? }` → `{ dataset, table, rows, checks, badRows, failed }`. */
export function createValidateTool({ data, workspace }: Folders) {
  return tool(
    ({ dataset: name, expect = [] }, config) =>
      withStaging(workspaceFor(workspace, requesterOf(config)), readRun(config), (staging) => {
        const dataset = staging.get(name);
        const { failed, checks, badRows, faults, columns } = validateDataset(
          staging,
          dataset,
          rulesOf(readRules(data), dataset.table),
          expect,
        );
        const found = {
          dataset: name,
          table: dataset.table,
          rows: dataset.rows,
          checks,
          badRows,
          failed: failed.map((check) => ({ ...check, examples: [...check.examples] })),
        } satisfies JsonValue;
        staging.saveValidation(dataset, { columns, faults, isValid: failed.length === 0 }, found);
        return found;
      }),
    {
      name: "validate",
      description:
        "Checks every row of a dataset: shape, types, missing values, ranges, allowed values, unique keys and references, by the rules file and by what is expected beside it, and the number of rows. Where a check fails its output is unexpected: then repair what is repairable, quarantine the rest, and validate the new dataset. Only datasets that passed can be loaded.",
      schema: z.object({
        dataset: z.string().describe("a dataset's name, as the tool that made it gives it"),
        expect: z
          .array(expectationSchema)
          .optional()
          .describe("what the goal needs of columns beside the rules file; the same again after a repair"),
      }),
    },
  );
}

const outputSchema = z.object({
  dataset: z.string(),
  rows: z.number(),
  badRows: z.number(),
  failed: z.array(
    z.object({ check: z.string(), rows: z.number(), repairable: z.number(), examples: z.array(z.string()) }),
  ),
});

/** What is wrong with a validation's output: the checks that failed, in words. */
export function describeFailedChecks(output: JsonValue): string | undefined {
  const read = outputSchema.safeParse(output);
  if (!read.success || read.data.failed.length === 0) {
    return undefined;
  }
  const { dataset, rows, badRows, failed } = read.data;
  const named = failed.map(({ check, rows: count, repairable, examples }) => {
    const where = count === 0 ? "" : ` fails for ${count} (${repairable} repairable)`;
    return `${check}${where}: ${examples.join("; ")}`;
  });
  return `${badRows} of ${rows} rows of "${dataset}" do not pass: ${named.join(". ")}`.slice(0, 3_000);
}
