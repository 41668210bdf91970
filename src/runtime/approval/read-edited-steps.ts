import { type JsonValue, quote, toVisibleName } from "../../base/index.js";
import {
  type PlanStep,
  type PlanTool,
  planSchema,
  readPlan,
  readStepLine,
  rewireSplitSteps,
  type StepLine,
  type StepResult,
  validatePlan,
} from "../../plan/index.js";
import type { AgentState, WaitingGuidance, WaitingPlan } from "../../state/index.js";
import { hashStep } from "../steps/index.js";

/** What a person wrote in place of the shown steps: a text, or the steps themselves. */
interface EditedSteps {
  readonly args?: Readonly<Record<string, JsonValue>>;
  readonly steps?: readonly unknown[];
}

/** The intended steps, or everything that is wrong with them. */
type ReadEditedSteps =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly message: string };

/** Reads the steps that a person wrote. A failed step may be among the shown ones; it then runs again as it was. */
export function readEditedSteps(
  { args, steps }: EditedSteps,
  waiting: WaitingPlan | WaitingGuidance,
  { pastSteps }: AgentState,
  { tools, maxSteps }: { readonly tools: readonly PlanTool[]; readonly maxSteps: number },
): ReadEditedSteps {
  const shown = new Map(waiting.steps.map((step) => [step.id, step]));
  const structured = steps ?? args?.steps;
  const text = args?.plan ?? "";
  if (structured === undefined && typeof text !== "string") {
    return { ok: false, message: 'The edited plan is no text: send args: { plan: "1. …" }, or its steps.' };
  }
  const settledIds = pastSteps.map(({ id }) => id).filter((id) => !shown.has(id));
  const read =
    structured === undefined
      ? readText(String(text), waiting.steps, settledIds, tools)
      : readPlan(structured, { tools, pastIds: settledIds });
  if (!read.found) {
    return { ok: false, message: read.reason };
  }
  const parsed = planSchema.safeParse(read.plan);
  const wanted = parsed.success ? renameChanged(parsed.data.steps, shown, pastSteps) : undefined;
  const again = new Set(wanted?.map(({ id }) => id));
  const found = validatePlan(wanted === undefined ? read.plan : { steps: wanted }, {
    tools,
    maxSteps,
    pastSteps: pastSteps.filter(({ id }) => !(shown.has(id) && again.has(id))),
  });
  const issues = [...read.issues, ...found];
  if (wanted === undefined || issues.length > 0) {
    const told = issues.map(({ message }) => message).join(" ");
    return { ok: false, message: `The edited plan cannot be used: ${told}` };
  }
  return { ok: true, steps: wanted };
}

function readText(
  text: string,
  shown: readonly PlanStep[],
  takenIds: readonly string[],
  tools: readonly PlanTool[],
): { found: true; plan: { steps: readonly PlanStep[] }; issues: [] } | { found: false; reason: string } {
  const names = new Set(tools.map(({ name }) => name));
  const edited = editPlanText(text, shown, { takenIds, isTool: (name) => names.has(name) });
  if (edited.ok) {
    return { found: true, plan: { steps: edited.steps }, issues: [] };
  }
  return { found: false, reason: `The edited plan cannot be used: ${edited.problems.join(" ")}` };
}

/**
 * Gives a failed step that was changed a new id, because under the old id a tool might take its call for the one that
 * failed. Whatever named the step now names the new id.
 */
function renameChanged(
  steps: readonly PlanStep[],
  shown: ReadonlyMap<string, PlanStep>,
  pastSteps: readonly StepResult[],
): PlanStep[] {
  const taken = new Set([...pastSteps.map(({ id }) => id), ...steps.map(({ id }) => id)]);
  const past = new Set(pastSteps.map(({ id }) => id));
  const changed: string[] = [];
  const renamed = steps.map((step) => {
    const before = shown.get(step.id);
    if (before === undefined || !past.has(step.id) || hashStep(before) === hashStep(step)) {
      return step;
    }
    changed.push(step.id);
    return { ...step, id: freePart(step.id, taken) };
  });
  return rewireSplitSteps(renamed, changed);
}

function freePart(id: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${id}-${number}`)) {
    number += 1;
  }
  taken.add(`${id}-${number}`);
  return `${id}-${number}`;
}

/** The steps that the text of an edited plan means, or what is wrong with its lines. */
type EditedPlanText =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What it takes to read the lines of an edited plan. */
interface PlanTextContext {
  /** Ids that no new step may have, besides those of the shown steps. */
  readonly takenIds: Iterable<string>;
  readonly isTool: (name: string) => boolean;
}

/**
 * Reads the text of an edited plan, one step per line. A line stands for the step whose id it begins with, wherever the
 * line is, and a step whose line is gone is dropped. What a line shows is what runs. Words in place of a call are a
 * task for an agent, and a line without an id is a new step.
 */
export function editPlanText(
  text: string,
  steps: readonly PlanStep[],
  { takenIds, isTool }: PlanTextContext,
): EditedPlanText {
  const shown = new Map(steps.map((step) => [step.id, step]));
  const taken = new Set([...takenIds, ...shown.keys()]);
  const problems: string[] = [];
  const edited = text.split(/\r\n?|\n/).flatMap((line, index): PlanStep[] => {
    if (line.trim() === "") {
      return [];
    }
    const read = readStepLine(line, isTool);
    const problem = problemOf(read, shown);
    if (problem !== undefined) {
      problems.push(`Line ${index + 1} (${quote(line.trim())}) was not understood: ${problem}`);
    }
    return read.kind === "unreadable" ? [] : [toStep(read, shown, taken)];
  });
  if (problems.length === 0) {
    return { ok: true, steps: withoutDropped(edited, steps) };
  }
  const more = problems.length - MAX_PROBLEMS;
  return {
    ok: false,
    problems: [
      ...problems.slice(0, MAX_PROBLEMS),
      ...(more > 0 ? [`${more} more lines were not understood.`] : []),
      FORM,
    ],
  };
}

const MAX_PROBLEMS = 5;

const FORM =
  'Write a call as [id] tool {"argument": "value"} on one line, a task for an agent as words alone or as [id] ' +
  'agent: "words", and a new step without an [id].';

function problemOf(read: StepLine, shown: ReadonlyMap<string, PlanStep>): string | undefined {
  if (read.kind === "unreadable") {
    return `${read.reason}.`;
  }
  const { id } = read;
  if (id !== undefined && !shown.has(id)) {
    return `no step that was shown is [${toVisibleName(id)}].`;
  }
  if (read.kind === "step") {
    return undefined;
  }
  // Some clients show a plan without its calls and send such lines. They must not become tasks for agents.
  const meant = [...shown.values()].find(({ description }) => toOneLine(description) === read.words);
  if (meant === undefined || (meant.tool === undefined && meant.id === id)) {
    return undefined;
  }
  return (
    `these are the words of step [${toVisibleName(meant.id)}] without what else its line said. Leave that line as ` +
    "it was shown."
  );
}

function toOneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function toStep(
  read: Exclude<StepLine, { kind: "unreadable" }>,
  shown: ReadonlyMap<string, PlanStep>,
  taken: Set<string>,
): PlanStep {
  const { id = freeId(taken) } = read;
  if (read.kind === "step") {
    return { id, ...read.step };
  }
  const dependsOn = shown.get(id)?.dependsOn;
  return { id, description: read.words, ...(dependsOn === undefined ? {} : { dependsOn }) };
}

/**
 * Takes dropped steps out of `dependsOn`. References to them stay, because a step that needs such an output cannot do
 * without it.
 */
function withoutDropped(edited: readonly PlanStep[], before: readonly PlanStep[]): PlanStep[] {
  const left = new Set(edited.map(({ id }) => id));
  const dropped = new Map(before.filter(({ id }) => !left.has(id)).map((step) => [step.id, step]));
  const follow = (ids: readonly string[], seen: ReadonlySet<string>): string[] =>
    ids.flatMap((id) => {
      const step = dropped.get(id);
      if (step === undefined) {
        return [id];
      }
      return seen.has(id) ? [] : follow(step.dependsOn ?? [], new Set([...seen, id]));
    });
  return edited.map((step) => {
    const { dependsOn } = step;
    if (dependsOn === undefined || !dependsOn.some((id) => dropped.has(id))) {
      return step;
    }
    return { ...step, dependsOn: [...new Set(follow(dependsOn, new Set()))] };
  });
}

function freeId(taken: Set<string>): string {
  let number = taken.size + 1;
  while (taken.has(String(number))) {
    number += 1;
  }
  taken.add(String(number));
  return String(number);
}
