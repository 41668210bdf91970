import { type Line, piece } from "./line.js";
import type { StepView } from "./progress.js";
import { toStepLine } from "./render.js";

/** The steps in at most so many lines: what runs and what went wrong is kept longest, the rest is counted. */
export function fitSteps(steps: readonly StepView[], maxLines: number, nowMs: number): Line[] {
  if (steps.length <= maxLines) return steps.map((step) => toStepLine(step, nowMs));
  const shown = new Set(
    steps
      .map((step, index) => ({ index, rank: rankOf(step) }))
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
      .slice(0, Math.max(0, maxLines - 1))
      .map(({ index }) => index),
  );
  const lines = steps.flatMap((step, index) => (shown.has(index) ? [toStepLine(step, nowMs)] : []));
  const hidden = steps.filter((_, index) => !shown.has(index));
  const done = hidden.filter(({ status }) => status === "done").length;
  return [...lines, [piece(`  … ${hidden.length} more steps, ${done} of them done`, "dim")]];
}

function rankOf({ status }: StepView): number {
  if (status === "running") return 0;
  if (status === "open") return 2;
  return status === "done" || status === "skipped" ? 3 : 1;
}
