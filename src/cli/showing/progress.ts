import type { JsonValue } from "../../base/index.js";
import type { AgentEvent } from "../../events/index.js";
import type { PlanStep, StepResult, StepStatus } from "../../plan/index.js";
import { withFlags } from "../options/index.js";

/** A step as the screen shows it. */
export interface StepView {
  readonly id: string;
  readonly description: string;
  readonly tool?: string;
  /** Ids of the steps that it waits for. */
  readonly after: readonly string[];
  readonly status: "open" | "running" | StepStatus;
  readonly startedAtMs?: number;
  readonly durationMs?: number;
  readonly attempts: number;
  /** How many items of a for-each step are running, and how many have ended. */
  readonly items: { readonly running: number; readonly ended: number };
  /** What its model says while the step runs. */
  readonly said: string;
  readonly output?: JsonValue;
  readonly error?: string;
}

/** The progress of a turn, as the screen shows it. */
export interface ProgressView {
  readonly steps: readonly StepView[];
}

/** Tells which steps each step waits for. */
export type DependenciesOf = (steps: readonly PlanStep[]) => ReadonlyMap<string, readonly string[]>;

export const NO_PROGRESS: ProgressView = { steps: [] };

const MAX_SAID_CHARACTERS = 200;

/** The progress of a turn that continues. */
export function progressFrom(
  plan: readonly PlanStep[],
  pastSteps: readonly StepResult[],
  dependenciesOf: DependenciesOf,
): ProgressView {
  const ended = new Map(pastSteps.map((result) => [result.id, result]));
  const after = dependenciesOf(plan);
  return {
    steps: plan.map((step) => {
      const result = ended.get(step.id);
      const open = toOpenStep(step, after);
      return result === undefined ? open : { ...open, ...toEnd(result, durationOf(result)) };
    }),
  };
}

/** Returns the progress after an event. */
export function withEvent(
  view: ProgressView,
  event: AgentEvent,
  dependenciesOf: DependenciesOf,
): ProgressView {
  switch (event.type) {
    case "agent.started":
      return NO_PROGRESS;
    case "plan.generated":
      return withPlan(view, event.steps, dependenciesOf);
    case "step.started":
      return withStart(view, event);
    case "step.retried":
      return change(view, event.stepId, () => ({ attempts: event.attempt, said: "" }));
    case "step.token":
      return change(view, event.stepId, ({ said }) => ({
        said: (said + event.token).slice(-MAX_SAID_CHARACTERS),
      }));
    case "step.ended":
      return isStep(view, event.stepId)
        ? change(view, event.stepId, () => toEnd(event, event.durationMs))
        : countItem(view, event.stepId, { running: -1, ended: 1 });
    case "approval.asked": {
      const waiting = new Set(event.actions.flatMap(({ stepId }) => (stepId === undefined ? [] : [stepId])));
      return {
        steps: view.steps.map((step) =>
          step.status === "running" && waiting.has(step.id) ? { ...step, status: "open" } : step,
        ),
      };
    }
    default:
      return view;
  }
}

export function runningSteps({ steps }: ProgressView): readonly StepView[] {
  return steps.filter(({ status }) => status === "running");
}

/** Replaces the plan or its remainder. Steps that have run stay; the others make way. */
function withPlan(
  view: ProgressView,
  steps: readonly PlanStep[],
  dependenciesOf: DependenciesOf,
): ProgressView {
  const replaced = new Set(steps.map(({ id }) => id));
  const kept = view.steps.filter((step) => hasRun(step) && !replaced.has(step.id));
  const after = dependenciesOf([
    ...kept.map(({ id, description }) => ({ id, description, dependsOn: [] })),
    ...steps,
  ]);
  return { steps: [...kept, ...steps.map((step) => toOpenStep(step, after))] };
}

/** A step that was skipped with an error depends on a failed step: it never ran. */
function hasRun({ status, error }: StepView): boolean {
  if (status === "open" || status === "running") {
    return false;
  }
  return status !== "skipped" || error === undefined;
}

function withStart(view: ProgressView, event: Extract<AgentEvent, { type: "step.started" }>): ProgressView {
  if (!isStep(view, event.stepId)) {
    return countItem(view, event.stepId, { running: 1, ended: 0 });
  }
  const startedAtMs = Date.parse(event.at);
  return change(view, event.stepId, () => ({ status: "running", startedAtMs, attempts: event.attempt }));
}

function countItem(view: ProgressView, itemId: string, more: StepView["items"]): ProgressView {
  return change(view, itemId, ({ items }) => ({
    items: { running: Math.max(0, items.running + more.running), ended: items.ended + more.ended },
  }));
}

function isStep({ steps }: ProgressView, id: string): boolean {
  return steps.some((step) => step.id === id);
}

/** Changes a step, or the step that an item belongs to. */
function change(
  view: ProgressView,
  stepId: string,
  update: (step: StepView) => Partial<StepView>,
): ProgressView {
  const id = isStep(view, stepId) ? stepId : stepOfItem(stepId);
  return { steps: view.steps.map((step) => (step.id === id ? { ...step, ...update(step) } : step)) };
}

/** The id of an item's step: `3` for `3[0]`. */
function stepOfItem(id: string): string {
  return id.replace(/\[\d+\]$/, "");
}

function toOpenStep(
  { id, description, tool }: PlanStep,
  after: ReadonlyMap<string, readonly string[]>,
): StepView {
  return {
    id,
    description,
    ...(tool === undefined ? {} : { tool }),
    after: after.get(id) ?? [],
    status: "open",
    attempts: 0,
    items: { running: 0, ended: 0 },
    said: "",
  };
}

/** What an event and a step's result have in common. */
type EndedStep = Pick<StepResult, "status" | "attempts" | "output"> & {
  readonly error?: { readonly message: string };
};

function toEnd({ status, attempts, output, error }: EndedStep, durationMs: number): Partial<StepView> {
  return { status, attempts, durationMs, output, error: error && withFlags(error.message), said: "" };
}

function durationOf({ startedAt, endedAt }: StepResult): number {
  return startedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
}
