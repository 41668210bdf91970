import type { PlaybookStep } from "langgraph-plan-execute";
import type { PipelineDesign } from "../design/design-pipeline.js";
import type { PipelineGoal } from "../goal/pipeline-goal.js";
import type { FailedValidation, PipelineProgress } from "./progress.js";
import { type JsonArgs, StepWriter } from "./step-writer.js";

/** What is still to be done: clean what failed, validate it, work out what is asked for, load, report. */
export function planRemainder(
  goal: PipelineGoal,
  design: PipelineDesign,
  progress: PipelineProgress,
): { readonly steps: readonly PlaybookStep[]; readonly answer: string } {
  const writer = new StepWriter(progress.ids);
  const renamed = new Map<string, string>();
  const checks = new Map<string, string>();
  // Those that others look into first, so that their own rows are right by then.
  const ordered = inOrder(
    design.cards.map(({ dataset }) => dataset),
    design.lookedUp,
  );
  for (const dataset of ordered) {
    const before = (design.lookedUp.get(dataset) ?? []).flatMap((other) => checks.get(other) ?? []);
    const expect = design.expectations.get(dataset) ?? [];
    const check = validateClean(writer, dataset, expect, before, progress, renamed);
    if (check !== undefined) {
      checks.set(dataset, check);
    }
  }
  const sourcesPassed = [...checks.values()];
  const ready: string[] = [...sourcesPassed];
  for (const { dataset, output, operations } of design.made) {
    const steps: string[] = [...ready];
    const args = {
      dataset: renamed.get(dataset) ?? dataset,
      output,
      operations: operations.map((operation) =>
        operation.op === "join"
          ? { ...operation, dataset: renamed.get(operation.dataset) ?? operation.dataset }
          : operation,
      ),
    };
    const isFiltered = output.endsWith(".filtered");
    if (!progress.made.has(output)) {
      steps.push(
        writer.add("transform", output, `Work out ${output}`, args, isFiltered ? sourcesPassed : ready),
      );
    }
    const check = validateClean(writer, output, [], steps, progress, renamed);
    if (check !== undefined) {
      checks.set(output, check);
    }
    // What is filtered or renamed is read by what comes after it.
    if (check !== undefined && isFiltered) {
      ready.push(check);
    }
  }
  const tables = design.loads.map(({ dataset, table, key }) => ({
    dataset: renamed.get(dataset) ?? dataset,
    table,
    ...(key.length > 0 && { key }),
    ...(goal.mode !== undefined && { mode: goal.mode }),
  }));
  const names = design.loads.map(({ table }) => table).join(", ");
  const load = writer.add(
    "load",
    goal.database,
    `Load ${names} into ${goal.database}`,
    { database: goal.database, tables },
    [...checks.values()],
  );
  const path = goal.report === undefined ? {} : { path: goal.report };
  const answer = writer.add("write_report", "", "Report what was done", path, [load]);
  return { steps: writer.steps, answer };
}

/** Validates a dataset, after what failed in it was repaired or taken out; undefined where it has passed. */
function validateClean(
  writer: StepWriter,
  dataset: string,
  expect: readonly JsonArgs[],
  after: readonly string[],
  progress: PipelineProgress,
  renamed: Map<string, string>,
): string | undefined {
  const handle = progress.handleOf(dataset);
  const found = progress.validationOf(handle);
  if (found === "passed") {
    return undefined;
  }
  let current = handle;
  let before = [...after];
  if (found !== "none") {
    let number = progress.cleanings(dataset) + 2;
    for (const tool of cleaningsFor(found)) {
      const output = `${dataset}.${number}`;
      const what =
        tool === "repair"
          ? `Repair what can be repaired in ${current}`
          : `Quarantine what fails in ${current}`;
      before = [...after, writer.add(tool, dataset, what, { dataset: current, output }, before)];
      current = output;
      number += 1;
    }
    renamed.set(handle, current);
  }
  const args = { dataset: current, ...(expect.length > 0 && { expect }) };
  return writer.add("validate", dataset, `Validate ${current}`, args, before);
}

function cleaningsFor({ failed }: FailedValidation): ("repair" | "quarantine")[] {
  const canRepair = failed.some(({ repairable }) => repairable > 0);
  const mustQuarantine = failed.some(({ rows, repairable }) => repairable < rows);
  return [...(canRepair ? ["repair" as const] : []), ...(mustQuarantine ? ["quarantine" as const] : [])];
}

/** Each after those that it looks into, as far as they do not look into each other. */
function inOrder(datasets: readonly string[], lookedUp: ReadonlyMap<string, readonly string[]>): string[] {
  const ordered = new Set<string>();
  const walk = (dataset: string, trail: readonly string[]): void => {
    if (ordered.has(dataset) || trail.includes(dataset)) {
      return;
    }
    for (const other of lookedUp.get(dataset) ?? []) {
      walk(other, [...trail, dataset]);
    }
    if (datasets.includes(dataset)) {
      ordered.add(dataset);
    }
  };
  for (const dataset of datasets) {
    walk(dataset, []);
  }
  return [...ordered];
}
