import type { createNearestName } from "./nearest-name.js";
import type { PlanStep } from "./plan.js";
import type { PlanTool } from "./plan-tool.js";
import { quote, quoteAll } from "./quote.js";
import type { StepResult } from "./step-result.js";

const maxStepsFiltered = 200;

/** What could be read of a step that may be broken: the fields that are well formed. */
export type StepView = Partial<PlanStep> & {
  /** Its place in the plan, from 1. */
  readonly position: number;
};

/** A step whose id can be read. */
export type NamedStepView = StepView & { readonly id: string };

/** What the checks of a plan look at. */
export type PlanView = {
  readonly steps: readonly StepView[];
  /** The steps that have an id; of those with the same id all. */
  readonly named: readonly NamedStepView[];
  /** The ids of the plan's steps. */
  readonly ids: ReadonlySet<string>;
  /** All ids that a reference may begin with: those of the plan and of past steps. */
  readonly known: ReadonlySet<string>;
  /** What a step may name: the plan's ids and those of past steps that have an output. */
  readonly available: readonly string[];
  readonly answer?: string;
  /** The settled steps of the turn, by id, those aside that never ran and whose id is free again. */
  readonly past: ReadonlyMap<string, StepResult>;
  /** The tools by name; undefined when they are not to be checked. */
  readonly tools?: ReadonlyMap<string, PlanTool>;
  readonly nearest: ReturnType<typeof createNearestName>;
};

/** How a step is called in a message. */
export function stepLabel(step: StepView): string {
  return step.id === undefined ? `The step at position ${step.position}` : `Step ${quote(step.id)}`;
}

/** Whether a step has an id that can be read. */
export function isNamed(step: StepView): step is NamedStepView {
  return step.id !== undefined;
}

/** A sentence that names what was probably meant, if anything is near; it begins with a blank. */
export function didYouMean(view: PlanView, name: string, candidates: Iterable<string>): string {
  const nearest = view.nearest(name, candidates);
  return nearest === undefined ? "" : ` Did you mean ${quote(nearest)}?`;
}

/** Sentences that name what a step may refer to, the near one first; they begin with a blank. */
export function nameSteps(view: PlanView, wanted: string, ownId?: string): string {
  // Leaving itself out of thousands, for each of thousands of issues, would cost more than it tells.
  const isFew = view.available.length <= maxStepsFiltered;
  const names = isFew ? view.available.filter((id) => id !== ownId) : view.available;
  if (names.length === 0) return " There is no other step.";
  return `${didYouMean(view, wanted, names)} The steps are ${quoteAll(names)}.`;
}
