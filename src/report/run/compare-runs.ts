import { stableStringify } from "../../base/index.js";
import type { Run, RunStep } from "./read-run.js";

/** A step of one run beside the step of the other that does the same; one of them may be missing. */
export interface ComparedStep {
  readonly first?: RunStep;
  readonly second?: RunStep;
  /** Whether both runs planned the same: tool, arguments, words and conditions. */
  readonly isSame: boolean;
}

/**
 * Pairs the steps of two runs: first those that do the same, in order, then those of the same id and tool. The order is
 * that of the first run, with each step that only the second has behind the one before it.
 */
export function compareRuns(first: Run, second: Run): ComparedStep[] {
  const left = [...second.steps];
  const take = (isMatch: (step: RunStep) => boolean): RunStep | undefined => {
    const found = left.findIndex(isMatch);
    return found < 0 ? undefined : left.splice(found, 1)[0];
  };
  const same = first.steps.map((step) => {
    const content = contentOf(step);
    return take((other) => contentOf(other) === content);
  });
  const paired = first.steps.map((step, index): ComparedStep => {
    const equal = same[index];
    const other = equal ?? take(({ id, planned }) => id === step.id && planned.tool === step.planned.tool);
    return { first: step, second: other, isSame: equal !== undefined };
  });
  return withAdded(paired, second.steps, new Set(left));
}

function withAdded(
  paired: readonly ComparedStep[],
  steps: readonly RunStep[],
  added: ReadonlySet<RunStep>,
): ComparedStep[] {
  const merged = [...paired];
  for (const [index, step] of steps.entries()) {
    if (added.has(step)) {
      const before = steps[index - 1];
      const place = before === undefined ? 0 : merged.findIndex(({ second }) => second === before) + 1;
      merged.splice(place, 0, { second: step, isSame: false });
    }
  }
  return merged;
}

/** What a step does, without its id, which is often only its number. */
function contentOf({ planned }: RunStep): string {
  const { id: _, dependsOn: __, ...content } = planned;
  return stableStringify(content);
}
