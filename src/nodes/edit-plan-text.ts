import { type PlanStep, quote, readStepLine, type StepLine, toVisibleName } from "../plan/index.js";

/** The steps that an edited plan's text means, or what is wrong with its lines. */
export type EditedPlanText =
  | { readonly ok: true; readonly steps: readonly PlanStep[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** What the lines of an edited plan are read with. */
export interface PlanTextContext {
  /** Ids that no new step may have, beside those of the steps that were shown. */
  readonly takenIds: Iterable<string>;
  readonly isTool: (name: string) => boolean;
}

/**
 * The steps that an edited plan's text means, one step a line: a line is the step whose id it begins with, in whatever
 * place it stands, and a step whose line is gone is dropped. What a line shows is what runs. Words in place of a call
 * are for an agent, and a line without an id is a new step.
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
    if (line.trim() === "") return [];
    const read = readStepLine(line, isTool);
    const problem = problemOf(read, shown);
    if (problem !== undefined)
      problems.push(`Line ${index + 1} (${quote(line.trim())}) was not understood: ${problem}`);
    return read.kind === "unreadable" ? [] : [toStep(read, shown, taken)];
  });
  if (problems.length === 0) return { ok: true, steps: withoutDropped(edited, steps) };
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
  if (read.kind === "unreadable") return `${read.reason}.`;
  const { id } = read;
  if (id !== undefined && !shown.has(id)) return `no step that was shown is [${toVisibleName(id)}].`;
  if (read.kind === "step") return undefined;
  // Clients that show a plan without its calls send such lines: they must not become tasks for agents.
  const meant = [...shown.values()].find(({ description }) => toOneLine(description) === read.words);
  if (meant === undefined || (meant.tool === undefined && meant.id === id)) return undefined;
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
  if (read.kind === "step") return { id, ...read.step };
  const dependsOn = shown.get(id)?.dependsOn;
  return { id, description: read.words, ...(dependsOn === undefined ? {} : { dependsOn }) };
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

function freeId(taken: Set<string>): string {
  let number = taken.size + 1;
  while (taken.has(String(number))) number += 1;
  taken.add(String(number));
  return String(number);
}
