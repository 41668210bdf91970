import type { PlanStep } from "../plan/index.js";

const LINE_START = /^\s*(?:\d+[.)]|[-*])\s+/;

/**
 * The steps that an edited plan's text means, one step a line: a line that is unchanged keeps its step, one in
 * other words becomes a step for an agent under the id of the step that stood there, a new one becomes a new step
 * for an agent, and a step whose line is gone is dropped: what came after it comes after what it came after.
 */
export function editPlanText(
  text: string,
  steps: readonly PlanStep[],
  takenIds: Iterable<string>,
): PlanStep[] {
  const taken = new Set([...takenIds, ...steps.map(({ id }) => id)]);
  const lines = text
    .split("\n")
    .map((line) => line.replace(LINE_START, "").trim())
    .filter((line) => line !== "");
  const gone = new Set(steps);
  const kept = lines.map((line) => {
    const step = [...gone].find((candidate) => toLine(candidate) === line);
    if (step !== undefined) gone.delete(step);
    return step;
  });
  const edited = lines.map((line, index): PlanStep => {
    const same = kept[index];
    if (same !== undefined) return same;
    const before = steps[index];
    if (before === undefined || !gone.has(before)) return { id: freeId(taken), description: line };
    const { id, dependsOn } = before;
    return { id, description: line, ...(dependsOn === undefined ? {} : { dependsOn }) };
  });
  return withoutDropped(edited, steps);
}

/** References to a dropped step stay: what needs its output cannot do without it. */
function withoutDropped(edited: readonly PlanStep[], before: readonly PlanStep[]): PlanStep[] {
  const left = new Set(edited.map(({ id }) => id));
  const dropped = new Map(before.filter(({ id }) => !left.has(id)).map((step) => [step.id, step]));
  const follow = (ids: readonly string[], seen: ReadonlySet<string>): string[] =>
    ids.flatMap((id) => {
      const step = dropped.get(id);
      if (step === undefined) return [id];
      return seen.has(id) ? [] : follow(step.dependsOn ?? [], new Set([...seen, id]));
    });
  return edited.map((step) => {
    const { dependsOn } = step;
    if (dependsOn === undefined || !dependsOn.some((id) => dropped.has(id))) return step;
    return { ...step, dependsOn: [...new Set(follow(dependsOn, new Set()))] };
  });
}

function toLine({ description }: PlanStep): string {
  return description.replaceAll(/\s+/g, " ").trim();
}

function freeId(taken: Set<string>): string {
  let number = taken.size + 1;
  while (taken.has(String(number))) number += 1;
  taken.add(String(number));
  return String(number);
}
