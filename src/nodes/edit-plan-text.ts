import type { PlanStep } from "../plan/index.js";

const LINE_START = /^\s*(?:\d+[.)]|[-*])\s+/;

/**
 * The steps that an edited plan's text means, one step a line: a line that is unchanged keeps its step, a
 * changed or new one becomes a step for an agent, and a step whose line is gone is dropped.
 */
export function editPlanText(
  text: string,
  steps: readonly PlanStep[],
  takenIds: Iterable<string>,
): PlanStep[] {
  const taken = new Set([...takenIds, ...steps.map(({ id }) => id)]);
  const unused = [...steps];
  const lines = text.split("\n").map((line) => line.replace(LINE_START, "").trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const index = unused.findIndex(
        ({ description }) => description.replaceAll(/\s+/g, " ").trim() === line,
      );
      const [kept] = index < 0 ? [] : unused.splice(index, 1);
      return kept ?? { id: freeId(taken), description: line };
    });
}

function freeId(taken: Set<string>): string {
  let number = taken.size + 1;
  while (taken.has(String(number))) number += 1;
  taken.add(String(number));
  return String(number);
}
