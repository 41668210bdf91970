// Turns sources in a folder into tables of a SQLite database: extract, validate, transform, load, report. The server
// opens `graph`. A program calls `createGraph` with a checkpointer, a data folder and a workspace of its own.
import { createPlanExecuteAgent, type PlanExecuteAgent } from "langgraph-plan-execute";
import { dataPipelinePlaybook } from "./data-pipeline/playbook/playbook.js";
import { createExtractTool } from "./data-pipeline/tools/extract.js";
import { createListSourcesTool } from "./data-pipeline/tools/list-sources.js";
import { createLoadTool, isReplacing } from "./data-pipeline/tools/load.js";
import { createQuarantineTool } from "./data-pipeline/tools/quarantine.js";
import { createRepairTool } from "./data-pipeline/tools/repair.js";
import { createTransformTool } from "./data-pipeline/tools/transform.js";
import { createValidateTool, describeFailedChecks } from "./data-pipeline/tools/validate.js";
import { createWriteReportTool } from "./data-pipeline/tools/write-report.js";
import { type FieldGraphOptions, servedWorkspace, takeFolders, type Workspace } from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";

const INSTRUCTIONS = `This is how data is loaded here:
1. list_sources, then extract for each of its sources (forEach). Their outputs tell columns, types and keys: plan the rest when you have seen them.
2. validate each dataset, with expect for what the goal needs of it: numbers that are summed, keys that are joined on (unique: true). A table comes after those that it refers to.
3. Where a validation is unexpected: repair its dataset if anything is repairable, quarantine what is left, validate what comes out, and use that dataset's name from then on.
4. transform what the goal asks for, validate the result, load everything in one call, write_report. The report is the answer.
Refer to datasets by the outputs that name them ({{id.dataset}}), or say in dependsOn what makes them.`;

/** The agent of the pipeline. If a load would remove existing rows, it waits for a person. */
export function createGraph(given: FieldGraphOptions<Workspace> = {}): PlanExecuteAgent {
  const { data, workspace, options } = takeFolders("data-pipeline", given);
  const folders = { data, workspace };
  return createPlanExecuteAgent(
    mergeOptions(
      {
        tools: [
          createListSourcesTool(folders),
          createExtractTool(folders),
          createValidateTool(folders),
          createRepairTool(folders),
          createQuarantineTool(folders),
          createTransformTool(folders),
          createLoadTool(folders),
          createWriteReportTool(folders),
        ],
        planner: { instructions: INSTRUCTIONS, maxSteps: 60 },
        executor: { checkOutput: { validate: describeFailedChecks } },
        replanner: { instructions: INSTRUCTIONS, maxReplans: 10 },
        approval: { tools: { load: { when: isReplacing } } },
        offline: { playbook: dataPipelinePlaybook },
      },
      options,
    ),
  );
}

/** What langgraph.json names. Each user has a folder of their own for what it writes. */
export const graph: PlanExecuteAgent = createGraph({ workspace: servedWorkspace("data-pipeline") });
