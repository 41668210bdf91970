import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import type { Fault } from "../dataset.js";
import { groupBy } from "../group-by.js";
import { readRun } from "../run.js";
import { withStaging } from "../staging.js";
import type { Folders } from "./folders.js";

/** The schema of what makes a new dataset out of one that was validated. */
export const cleaningSchema = z.object({
  dataset: z.string().describe("the dataset that was validated"),
  output: z.string().min(1).describe("a new name, for what comes out; the dataset itself stays as it is"),
});

/** A tool that mends what a validation found and can be mended: `{ dataset, output }` → `{ dataset, rows, repaired, left }`. */
export function createRepairTool({ workspace }: Folders) {
  return tool(
    ({ dataset: name, output }, config) =>
      withStaging(workspaceFor(workspace, requesterOf(config)), readRun(config), (staging) => {
        const work = ["repair", name];
        const before = staging.resultOf(output, work);
        if (before !== undefined) {
          return before;
        }
        const dataset = staging.get(name);
        const faults = staging.faultsOf(dataset);
        const mended = new Map<number, Fault[]>();
        const left: Fault[] = [];
        for (const fault of faults) {
          if (fault.repaired === undefined || fault.column === undefined) {
            left.push(fault);
          } else {
            mended.set(fault.position, [...(mended.get(fault.position) ?? []), fault]);
          }
        }
        const content = staging.rawRows(dataset).map((row, position) => {
          const values = [...row.values];
          for (const { column, repaired = null } of mended.get(position) ?? []) {
            if (column !== undefined) {
              values[column] = repaired;
            }
          }
          return { ...row, values };
        });
        const cells = [...mended.values()].flat();
        const byColumn = groupBy(cells, ({ column = 0 }) => dataset.columns[column]?.name ?? "");
        const result = {
          dataset: output,
          table: dataset.table,
          rows: content.length,
          repaired: cells.length,
          columns: [...byColumn].map(([column, repaired]) => `${column}: ${repaired.length}`),
          left: new Set(left.map(({ position }) => position)).size,
        };
        staging.note("repair", name, result);
        const { table, columns } = dataset;
        staging.save(
          { name: output, table, columns, madeBy: "repair", parent: name, content, faults: left },
          work,
          result,
        );
        return result;
      }),
    {
      name: "repair",
      description:
        "Makes a new dataset in which the values that failed a dataset's last validation are mended where that is no guess: blanks cut off, numbers and dates in another way of writing, spelling of allowed values, defaults that the rules declare. Rows that cannot be mended stay in it: quarantine them next. Validate the result.",
      schema: cleaningSchema,
    },
  );
}
