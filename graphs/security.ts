// Security of dependencies: matches a project's lock file with advisories, patches a copy of the project, and
// verifies it. Each patch waits for a person, and a trail records who decided what. The server opens `graph`; a
// program calls `createGraph`.
import { createPlanExecuteAgent, type PlanExecuteAgent } from "langgraph-plan-execute";
import { approvePatches } from "./security/approve-patches.js";
import { checkVerification } from "./security/check-verification.js";
import { decisionListener } from "./security/decisions.js";
import { createPatchTools } from "./security/patch-tools.js";
import { createPlaybook } from "./security/playbook.js";
import { createReadTools } from "./security/read-tools.js";
import { openSources } from "./security/sources.js";
import { type FieldGraphOptions, servedWorkspace, takeFolders, type Workspace } from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";

/** What this graph takes besides an agent's options, the folder of data and the workspace. */
export interface SecurityGraphOptions extends FieldGraphOptions<Workspace> {
  /** The clock of the trail. @default the system's */
  readonly now?: () => Date;
}

const INSTRUCTIONS = `To audit: read_advisories, list_dependencies and find_vulnerabilities, side by side.
To patch, after that: copy_project; propose_patches with round 1; a step with forEach over {{<proposals>.patches}} that calls apply_patch with copy and each item's package, from, to, together and resolves; verify_patches; write_report, whose output is the answer.
When patches were refused, rejected or failed: verify_patches with the same round if it has not run, then propose_patches with the next round, and the same steps again. It knows what was tried and what people rejected, and says what cannot be patched. Always end with write_report.`;

/** The agent that audits and patches the dependencies of projects. */
export function createGraph({
  now = () => new Date(),
  ...given
}: SecurityGraphOptions = {}): PlanExecuteAgent {
  const { data, workspace, options } = takeFolders("security", given);
  const sources = openSources(data);
  const bench = { sources, workspace, now };
  return createPlanExecuteAgent(
    mergeOptions(
      {
        tools: [...createReadTools(sources), ...createPatchTools(bench)],
        approval: { tools: { apply_patch: approvePatches(bench) } },
        executor: { checkOutput: { verify_patches: checkVerification } },
        planner: { instructions: INSTRUCTIONS },
        replanner: { instructions: INSTRUCTIONS, maxReplans: 12 },
        offline: { playbook: createPlaybook(sources.projects) },
        onEvent: decisionListener(bench),
      },
      options,
    ),
  );
}

/** What langgraph.json names. Each user has copies of their own. */
export const graph: PlanExecuteAgent = createGraph({ workspace: servedWorkspace("security") });
