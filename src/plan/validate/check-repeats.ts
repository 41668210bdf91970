import { type JsonValue, stableStringify } from "../../base/index.js";
import { resolveDependencies } from "../dependencies.js";
import { fillArgs } from "../fill-references.js";
import type { PlanIssue } from "../plan-issue.js";
import { referencedIds } from "../references.js";
import type { StepResult } from "../step-result.js";
import { topologicalOrder } from "../topology.js";
import { type NamedStepView, type PlanView, stepLabel } from "./plan-view.js";

/**
 * Finds steps that repeat what a done step of this turn did. A step that comes after one which may change the world
 * does not count, because it may find something new.
 */
export function checkRepeats(view: PlanView): PlanIssue[] {
  const done = [...view.past.values()].filter((result) => result.status === "done");
  if (done.length === 0) {
    return [];
  }
  const doneWork = new Map(done.flatMap((result) => workOfResult(result).map((work) => [work, result.id])));
  const outputs = new Map(done.map((result) => [result.id, result.output ?? null]));
  const afterChange = stepsAfterChange(view);
  return view.named.flatMap((step): PlanIssue[] => {
    if (afterChange.has(step.id)) {
      return [];
    }
    const earlier = workOfStep(step, view, outputs)
      .map((work) => doneWork.get(work))
      .find((id) => id !== undefined);
    if (earlier === undefined) {
      return [];
    }
    const message = `${stepLabel(step)} does again what step "${earlier}" has done. Leave it out and use {{${earlier}}}.`;
    return [{ code: "repeated-step", stepId: step.id, repeats: earlier, message }];
  });
}

function workOfResult(result: StepResult): string[] {
  if (result.tool === undefined) {
    return [describedWork(result.description)];
  }
  return result.args === undefined ? [] : [calledWork(result.tool, result.args)];
}

function workOfStep(step: NamedStepView, view: PlanView, outputs: ReadonlyMap<string, JsonValue>): string[] {
  if (step.forEach !== undefined) {
    return [];
  }
  if (step.tool === undefined) {
    return step.description === undefined ? [] : [describedWork(step.description)];
  }
  if (step.args === undefined) {
    return [];
  }
  const refersToPlan = referencedIds({ args: step.args }, view.known).some((id) => view.ids.has(id));
  const filled = refersToPlan ? undefined : fillArgs(step.args, outputs);
  const raw = calledWork(step.tool, step.args);
  return filled?.ok === true ? [raw, calledWork(step.tool, filled.value)] : [raw];
}

function calledWork(tool: string, args: Readonly<Record<string, JsonValue>>): string {
  return `call ${stableStringify([tool, args])}`;
}

function describedWork(description: string): string {
  const words = description.toLowerCase().replace(/\s+/g, " ");
  // Trimmed by hand, because a regular expression for the end would start again at each of many dots in the text.
  let end = words.length;
  while (" .!".includes(words[end - 1] ?? "-")) {
    end -= 1;
  }
  return `do ${words.slice(0, end).trim()}`;
}

/** Finds the steps that come, at any distance, after a step of the plan that does more than read. */
function stepsAfterChange(view: PlanView): ReadonlySet<string> {
  const isReadOnly = (tool: string): boolean => view.tools?.get(tool)?.readOnly === true;
  const nodes = resolveDependencies(view.named, { isReadOnly, settled: view.past.keys() });
  const dependencies = new Map(nodes.map((node) => [node.id, node.dependsOn]));
  const changing = new Set(
    view.named.filter(({ tool }) => tool === undefined || !isReadOnly(tool)).map(({ id }) => id),
  );
  // Steps on a cycle, or behind one, are never reached below. Nothing is known about them, so they stay in the set.
  const after = new Set(view.ids);
  for (const id of topologicalOrder(nodes)) {
    const isAfter = dependencies
      .get(id)
      ?.some((other) => changing.has(other) || isBehind(other, view, after));
    if (isAfter !== true) {
      after.delete(id);
    }
  }
  return after;
}

function isBehind(id: string, view: PlanView, after: ReadonlySet<string>): boolean {
  return view.ids.has(id) && after.has(id);
}
