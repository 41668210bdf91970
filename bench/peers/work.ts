/** One tool call that the work needs. Ids are those of the plan that a perfect planner makes: 1, 2, … */
export interface WorkStep {
  readonly id: string;
  readonly tool: string;
  /** `{{id}}` stands for another step's output. */
  readonly args: Readonly<Record<string, string>>;
  /** The step in words, for plans in words. `{{id}}` stands for a step there too. */
  readonly words: string;
  /** What the tool returns. */
  readonly output: string;
  readonly latencyS: number;
  /** The tool throws its output. */
  readonly fails?: boolean;
  /** The step is done only if that step failed, and replaces it. */
  readonly insteadOf?: string;
  /** The arguments stand in that step's output, in words, so only a model that reads it can know them. */
  readonly knownFrom?: string;
}

/** What a model must find out by itself, call by call. It is one step of a plan, with a result in words. */
export interface WorkGroup {
  readonly id: string;
  readonly words: string;
  readonly steps: readonly WorkStep[];
  readonly result: (outputOf: OutputOf) => string;
}

/** The output of a step, or of its replacement. */
export type OutputOf = (id: string) => string;

/** A step or a group: one step of a plan. */
export type WorkItem = WorkStep | WorkGroup;

/**
 * The answer: a step's output, words with `{{id}}` in them, or something that only a reader of the outputs can say.
 * Words may be true only if a step has failed; then nobody can write them in advance.
 */
export type WorkAnswer =
  | { readonly step: string }
  | { readonly words: string; readonly onceFailed?: string }
  | { readonly judged: (outputOf: OutputOf) => string };

/** Something that a person wants done. */
export interface Work {
  readonly name: string;
  /** A few words, for tables. */
  readonly about: string;
  readonly goal: string;
  readonly items: readonly WorkItem[];
  readonly answer: WorkAnswer;
  /** How much is known about what depends on what. The goals of the comparison use it. */
  readonly shape: "flat" | "two levels" | "chain" | "ragged" | "other";
}

/** What has been found out so far: outputs and errors, by step. */
export interface Seen {
  readonly outputs: ReadonlyMap<string, string>;
  readonly failed: ReadonlySet<string>;
}

const REFERENCE = /\{\{([^}]+)\}\}/g;

export function isGroup(item: WorkItem): item is WorkGroup {
  return "steps" in item;
}

/** All calls of a work. */
export function stepsOf(work: Work): readonly WorkStep[] {
  return work.items.flatMap((item) => (isGroup(item) ? item.steps : [item]));
}

/** The ids that an item's arguments depend on. */
export function dependenciesOf(item: WorkItem): string[] {
  if (isGroup(item)) {
    return [];
  }
  const named = Object.values(item.args).flatMap((value) =>
    [...value.matchAll(REFERENCE)].map(([, id = ""]) => id),
  );
  return [...new Set([...named, ...(item.knownFrom === undefined ? [] : [item.knownFrom])])];
}

/** Replaces each reference in a text. */
export function withReferences(text: string, replace: (id: string) => string): string {
  return text.replace(REFERENCE, (_, id: string) => replace(id));
}

/** The arguments of the call, with references filled in. */
export function filledArgs(step: WorkStep, outputOf: OutputOf): Record<string, string> {
  return Object.fromEntries(
    Object.entries(step.args).map(([name, value]) => [name, withReferences(value, outputOf)]),
  );
}

/** Reads outputs, including those of a step's replacement. Throws if there is none. */
export function outputsOf(work: Work, outputs: ReadonlyMap<string, string>): OutputOf {
  return (id) => {
    const instead = stepsOf(work).find(({ insteadOf }) => insteadOf === id);
    const output = outputs.get(id) ?? (instead === undefined ? undefined : outputs.get(instead.id));
    if (output === undefined) {
      throw new Error(`${work.name}: nothing is known of step ${id}.`);
    }
    return output;
  };
}

/** Whether an output is known, including its replacement's. */
export function isKnown(work: Work, id: string, { outputs }: Seen): boolean {
  return outputs.has(id) || stepsOf(work).some((step) => step.insteadOf === id && outputs.has(step.id));
}

/** What is still to be done, in the order of the work. */
export function itemsLeft(work: Work, seen: Seen): WorkItem[] {
  return work.items.filter((item) => {
    if (seen.outputs.has(item.id) || seen.failed.has(item.id)) {
      return false;
    }
    return isGroup(item) || item.insteadOf === undefined || seen.failed.has(item.insteadOf);
  });
}

/** The steps that can be called now. */
export function stepsReady(work: Work, among: readonly WorkStep[], seen: Seen): WorkStep[] {
  return among.filter(
    (step) =>
      !seen.outputs.has(step.id) &&
      !seen.failed.has(step.id) &&
      (step.insteadOf === undefined || seen.failed.has(step.insteadOf)) &&
      dependenciesOf(step).every((id) => isKnown(work, id, seen)),
  );
}

/** The answer to the goal. */
export function answerOf(work: Work, outputs: ReadonlyMap<string, string>): string {
  const outputOf = outputsOf(work, outputs);
  const { answer } = work;
  if ("step" in answer) {
    return outputOf(answer.step);
  }
  return "words" in answer ? withReferences(answer.words, outputOf) : answer.judged(outputOf);
}

/** Adds the results of those groups whose steps are all known. */
export function withGroups(work: Work, outputs: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const all = new Map(outputs);
  for (const item of work.items) {
    if (!isGroup(item) || all.has(item.id) || !item.steps.every(({ id }) => outputs.has(id))) {
      continue;
    }
    all.set(item.id, item.result(outputsOf(work, outputs)));
  }
  return all;
}

/** The words, with references, in which a planner can give the answer before the work is done. */
export function plannableAnswer({ answer }: Work, { failed }: Seen): string | undefined {
  if ("step" in answer) {
    return `{{${answer.step}}}`;
  }
  if (!("words" in answer)) {
    return undefined;
  }
  return answer.onceFailed === undefined || failed.has(answer.onceFailed) ? answer.words : undefined;
}

/** The correct outputs: those that the tools return. */
export function trueOutputs(work: Work): ReadonlyMap<string, string> {
  const given = stepsOf(work).filter(({ fails }) => !fails);
  return withGroups(work, new Map(given.map(({ id, output }) => [id, output])));
}

/** Finds the step of a tool call by its tool and its arguments. */
export function stepOfCall(
  work: Work,
  tool: string,
  args: Readonly<Record<string, unknown>>,
): WorkStep | undefined {
  const outputOf = outputsOf(work, trueOutputs(work));
  const asked = toKey(args);
  return stepsOf(work).find((step) => step.tool === tool && toKey(filledArgs(step, outputOf)) === asked);
}

function toKey(args: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(
    Object.keys(args)
      .sort()
      .map((name) => [name, String(args[name])]),
  );
}
