import type { PlanIssue } from "./plan-issue.js";
import { type NamedStepView, type PlanView, stepLabel } from "./plan-view.js";
import { quote } from "./quote.js";
import { normalizeId } from "./step-id.js";

/** Finds ids that two steps share, and ids that a step of this turn has already used. */
export function checkIds(view: PlanView): PlanIssue[] {
  const taken = new Map([...view.past].map(([id, result]) => [normalizeId(id), result]));
  const first = new Map<string, NamedStepView>();
  return view.named.flatMap((step) => {
    const key = normalizeId(step.id);
    const twin = first.get(key);
    const past = taken.get(key);
    if (twin === undefined) first.set(key, step);
    const issues: PlanIssue[] = [];
    if (twin !== undefined) {
      const others = twin.id === step.id ? "" : `, and ${quote(twin.id)} differs only in case or blanks`;
      const message = `Steps ${twin.position} and ${step.position} share the id ${quote(step.id)}${others}. Give each step an id of its own.`;
      issues.push({ code: "duplicate-id", stepId: step.id, message });
    }
    if (past !== undefined) {
      const use = past.status === "done" ? `refer to its output as {{${past.id}}}` : "leave it out";
      const message = `${stepLabel(step)}: the id belongs to a step that has already ended (${past.status}). If this is that step, ${use}; otherwise take another id.`;
      issues.push({ code: "id-taken", stepId: step.id, message });
    }
    return issues;
  });
}
