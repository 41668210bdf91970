import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { workspaceFor } from "../../shared/folders.js";
import type { Fault, StagedRow } from "../dataset.js";
import { groupBy } from "../group-by.js";
import { readRules, rulesOf } from "../rules.js";
import { readRun } from "../run.js";
import { withStaging } from "../staging.js";
import type { Folders } from "./folders.js";
import { cleaningSchema } from "./repair.js";

/** A tool that takes out the rows that fail: `{ dataset, output }` → `{ dataset, rows, quarantined, reasons }`. */
export function createQuarantineTool({ data, workspace }: Folders) {
  return tool(
    ({ dataset: name, output }, config) =>
      withStaging(workspaceFor(workspace, requesterOf(config)), readRun(config), (staging) => {
        const work = ["quarantine", name];
        const before = staging.resultOf(output, work);
        if (before !== undefined) {
          return before;
        }
        const dataset = staging.get(name);
        const { table, columns } = dataset;
        const byRow = groupBy(staging.faultsOf(dataset), ({ position }) => position);
        assertShare(table, byRow.size, dataset.rows, rulesOf(readRules(data), table).maxQuarantine);
        const content: StagedRow[] = [];
        const quarantined: { row: StagedRow; reason: string }[] = [];
        for (const [position, row] of staging.rawRows(dataset).entries()) {
          const faults = byRow.get(position);
          if (faults === undefined) {
            content.push(row);
          } else {
            quarantined.push({ row, reason: faults.map(({ reason }) => reason).join("; ") });
          }
        }
        const result = {
          dataset: output,
          table,
          rows: content.length,
          quarantined: quarantined.length,
          reasons: countReasons(
            [...byRow.values()].flat(),
            columns.map((column) => column.name),
          ),
        };
        staging.note("quarantine", name, result);
        staging.save(
          { name: output, table, columns, madeBy: "quarantine", parent: name, content, quarantined },
          work,
          result,
        );
        return result;
      }),
    {
      name: "quarantine",
      description:
        "Makes a new dataset without the rows that failed a dataset's last validation; they are kept with their reasons, and go into the quarantine table of the database that is loaded. Fails if no row would be left, or more were taken than the rules allow. Validate the result.",
      schema: cleaningSchema,
    },
  );
}

function assertShare(table: string, bad: number, rows: number, most: number | undefined): void {
  if (bad === 0 || (most === undefined ? bad < rows : bad <= most * rows)) {
    return;
  }
  const allowed = most === undefined ? "no row would be left" : `the rules allow ${Math.round(most * 100)} %`;
  throw new Error(
    `${bad} of ${rows} rows of ${table} would be quarantined, and ${allowed}. Look at the source.`,
  );
}

function countReasons(faults: readonly Fault[], columns: readonly string[]) {
  const groups = groupBy(faults, ({ check, column }) =>
    column === undefined ? check : `${check} of ${columns[column]}`,
  );
  return [...groups].map(
    ([check, group]) => `${check}: ${new Set(group.map(({ position }) => position)).size}`,
  );
}
