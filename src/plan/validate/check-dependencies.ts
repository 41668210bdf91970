import { quote } from "../../base/index.js";
import { statedDependencies } from "../dependencies.js";
import type { PlanIssue } from "../plan-issue.js";
import { referencedIds } from "../references.js";
import { isPassable } from "../step-result.js";
import { findCycles } from "../topology.js";
import { type NamedStepView, nameSteps, type PlanView, type StepView, stepLabel } from "./plan-view.js";

const MAX_LINKS_SHOWN = 10;

/** Finds dependencies on missing or failed steps, on the step itself, and in circles. */
export function checkDependencies(view: PlanView): PlanIssue[] {
  return [...view.steps.flatMap((step) => checkStep(step, view)), ...checkCycles(view)];
}

function checkStep(step: StepView, view: PlanView): PlanIssue[] {
  const stated = new Set(step.dependsOn);
  const own = step.id;
  const issues: PlanIssue[] = [];
  if (own !== undefined && (stated.has(own) || referencedIds(step, view.known).includes(own))) {
    const message = `${stepLabel(step)} depends on itself. Name only other steps.`;
    issues.push({ code: "self-dependency", stepId: own, message });
  }
  for (const id of stated) {
    const reason = view.ids.has(id) ? undefined : whyNoDependency(id, view, own);
    if (reason === undefined) {
      continue;
    }
    const message = `${stepLabel(step)} depends on ${quote(id)}, ${reason}`;
    issues.push({ code: "unknown-dependency", ...(own !== undefined && { stepId: own }), message });
  }
  return issues;
}

function whyNoDependency(id: string, view: PlanView, ownId: string | undefined): string | undefined {
  const past = view.past.get(id);
  if (past !== undefined) {
    return isPassable(past) ? undefined : `which ended as ${past.status} and has no output.`;
  }
  return `which is no step of the plan.${nameSteps(view, id, ownId)}`;
}

function checkCycles(view: PlanView): PlanIssue[] {
  const toNode = (step: NamedStepView) => ({ id: step.id, dependsOn: statedDependencies(step, view.known) });
  return findCycles(view.named.map(toNode)).map((path) => {
    const links = path.map(
      (id, index) => `${quote(id)} needs ${quote(path[(index + 1) % path.length] ?? id)}`,
    );
    const more = links.length > MAX_LINKS_SHOWN ? ` and ${links.length - MAX_LINKS_SHOWN} more` : "";
    const circle = links.slice(0, MAX_LINKS_SHOWN).join(", ") + more;
    const message = `These steps wait for one another: ${circle}. Take one of these dependencies out.`;
    return { code: "cycle", ...(path[0] !== undefined && { stepId: path[0] }), message, path };
  });
}
