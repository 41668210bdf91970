import { basename, extname, relative } from "node:path";
import { tool } from "@langchain/core/tools";
import { requesterOf } from "langgraph-plan-execute";
import { z } from "zod";
import { workspaceFor } from "../../shared/folders.js";
import { replaceFile } from "../../shared/private-files.js";
import { writeReport } from "../report.js";
import { readRun } from "../run.js";
import { withStaging } from "../staging.js";
import { workspaceFile } from "../target-path.js";
import type { Folders } from "./folders.js";

/** A tool that writes what the run did as Markdown, and gives it: `{ path? }` → the report. */
export function createWriteReportTool(folders: Folders) {
  return tool(
    ({ path }, config) => {
      const workspace = workspaceFor(folders.workspace, requesterOf(config));
      return withStaging(workspace, readRun(config), (staging) => {
        const [loaded] = staging.entries("load");
        const name = basename(loaded?.subject ?? "pipeline");
        const plain = name.slice(0, name.length - extname(name).length);
        // Two runs at once into one database have a report each.
        const file = workspaceFile(workspace, path ?? `reports/${plain}-${staging.run.id.slice(0, 8)}.md`, [
          ".md",
        ]);
        const report = writeReport(staging);
        replaceFile(file, `${report}\n`);
        return `${report}\n\nThis report is in ${relative(workspace, file)}.`;
      });
    },
    {
      name: "write_report",
      description:
        "Writes the report of this run as a Markdown file in the workspace, and gives it: rows in and out, values repaired, rows quarantined with their reasons, checks passed and failed, what was loaded. The last step; it is the answer.",
      schema: z.object({
        path: z.string().optional().describe("a file name that ends in .md; left out: one of its own"),
      }),
      metadata: { output: "text" },
    },
  );
}
