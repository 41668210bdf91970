import type { PastStep, Playbook, PlaybookMove, PlaybookRequest, PlaybookStep } from "langgraph-plan-execute";
import { designPipeline } from "../design/design-pipeline.js";
import { findUnseen } from "../design/look-ups.js";
import type { PipelineGoal } from "../goal/pipeline-goal.js";
import { readGoal } from "../goal/read-goal.js";
import { planRemainder } from "./plan-remainder.js";
import { EXTRACT_ALL, type PipelineProgress, readProgress } from "./progress.js";

const LOADS = /^\s*(?:please\s+)?(?:load|import|ingest|etl)\b/i;

/** What the offline model knows of pipelines: it looks at the sources, then plans by what it found there. */
export const dataPipelinePlaybook: Playbook = (request) => {
  if (request.feedback !== undefined) {
    return undefined;
  }
  const said = /^A person says: ([^;]*)/.exec(request.why)?.[1] ?? "";
  const earlier = request.conversation.filter(({ from }) => from === "person").map(({ text }) => text);
  const goal = readGoal(said === "" ? request.goal : `${request.goal}. ${said}`, earlier);
  if (goal === undefined) {
    if (!LOADS.test(request.goal) || request.kind === "replan") {
      return undefined;
    }
    return { text: 'Say into which database this goes, as in "Load customers and orders into sales.db".' };
  }
  return request.kind === "plan" ? lookAtSources(goal) : goOn(goal, request);
};

/** What there is has to be seen before more can be planned. */
function lookAtSources({ sources }: PipelineGoal): PlaybookMove {
  const tables = sources.map((name) => name.replaceAll("{{", "\\{{"));
  return { steps: extractAll("sources", tables.length === 0 ? {} : { tables }) };
}

function extractAll(id: string, args: Readonly<Record<string, string[]>>): PlaybookStep[] {
  return [
    { id, description: "See which sources there are", tool: "list_sources", args },
    {
      id: id === "sources" ? "extract" : EXTRACT_ALL,
      description: "Stage each source",
      tool: "extract",
      args: { source: "{{item.name}}" },
      forEach: `{{${id}.sources}}`,
    },
  ];
}

function goOn(goal: PipelineGoal, { pastSteps }: PlaybookRequest): PlaybookMove {
  const report = pastSteps.findLast(({ tool, status }) => tool === "write_report" && status === "done");
  if (report !== undefined) {
    return { text: String(report.output) };
  }
  const failure = findFailure(pastSteps);
  if (failure !== undefined) {
    return { text: describeFailure(failure, pastSteps) };
  }
  const progress = readProgress(pastSteps);
  if (progress.isCut) {
    return { text: "There are too many tables or columns for me to plan by rule. Name fewer tables." };
  }
  const stop = findStop(goal, pastSteps, progress);
  if (stop !== undefined) {
    return { text: stop };
  }
  const design = designPipeline(goal, progress.tables, progress.measures, progress.handleOf);
  // What is missing may be in a source that the goal does not name.
  const needsMore =
    typeof design === "string" ? goal.summaries.length > 0 : findUnseen(progress.tables).length > 0;
  if (needsMore && !progress.hasAll) {
    return { steps: extractAll("all_sources", {}) };
  }
  if (typeof design !== "string") {
    return planRemainder(goal, design, progress);
  }
  return { text: `${design} Nothing was loaded.` };
}

/** The step that failed and cannot be answered by cleaning. */
function findFailure(pastSteps: readonly PastStep[]): PastStep | undefined {
  return pastSteps.findLast(
    ({ status }) => status === "failed" || status === "rejected" || status === "blocked",
  );
}

function describeFailure(step: PastStep, pastSteps: readonly PastStep[]): string {
  const isLoaded = pastSteps.some(({ tool, status }) => tool === "load" && status === "done");
  const reason = step.error?.message ?? `${step.description} did not come out right`;
  const end = isLoaded ? "The data was loaded before." : "Nothing was loaded.";
  if (step.status === "rejected") {
    return `The step "${step.description}" was rejected. ${end}`;
  }
  return `${reason.replace(/[.\s]*$/, "")}. ${end}`;
}

/** Why the run cannot go on although nothing failed: a table as a whole is wrong, or bad rows may not be taken out. */
function findStop(
  goal: PipelineGoal,
  pastSteps: readonly PastStep[],
  progress: PipelineProgress,
): string | undefined {
  const handles = pastSteps.flatMap(({ tool, args }) => (tool === "validate" ? String(args?.dataset) : []));
  for (const handle of new Set(handles)) {
    const found = progress.validationOf(handle);
    if (typeof found === "string" || progress.handleOf(handle) !== handle) {
      continue;
    }
    const ofTable = found.failed.filter(({ check }) => check === "table");
    if (ofTable.length > 0) {
      return `${ofTable.flatMap(({ examples }) => examples).join("; ")}. Nothing was loaded.`;
    }
    const bad = found.failed.filter(({ rows, repairable }) => repairable < rows);
    if (goal.isStrict && bad.length > 0) {
      const reasons = bad.flatMap(({ examples }) => examples).join("; ");
      return `${handle} has rows that cannot be repaired, and none may be quarantined: ${reasons}. Nothing was loaded.`;
    }
  }
  return undefined;
}
