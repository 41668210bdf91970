import { copyJson, type JsonValue, quote } from "../../base/index.js";
import { findJson } from "../json-in-text.js";
import type { PlanIssue } from "../plan-issue.js";
import { type PlanTool, toolArguments } from "../plan-tool.js";
import { loneExpression, rewriteReferences } from "../references.js";
import { type LocatedSteps, locateSteps } from "./find-steps.js";
import { findLookalikes } from "./lookalikes.js";
import { type DraftStep, type ReadStep, readDependencies, readStep } from "./read-step.js";
import {
  findUnknownCall,
  isShortCall,
  type KnownTools,
  looksLikeStep,
  saysNothing,
  toFields,
} from "./step-fields.js";
import {
  createReferenceResolver,
  isItemVariable,
  type ReferenceResolver,
  toLoneReference,
  toOwnReferences,
  toStepId,
} from "./wild-references.js";
import { withoutNulls } from "./without-nulls.js";

/** A plan in the public form, not yet validated, or the reason why there is none. */
export type ReadPlan =
  | {
      readonly found: true;
      /** `{ steps, answer? }`, for `validatePlan`. Parts that could not be understood stay as they were. */
      readonly plan: unknown;
      /** For a log: what had to be guessed, and what looks like a reference but names no step. */
      readonly notes: readonly string[];
      /** What could not be understood and is not in the plan. Beside those of `validatePlan`, for its author to mend. */
      readonly issues: readonly PlanIssue[];
    }
  | { readonly found: false; readonly reason: string };

/** What helps `readPlan` to understand a plan. */
export interface ReadPlanOptions {
  /** The available tools and workers. Knowing them helps, because a step may be named by its tool alone. @default none */
  readonly tools?: readonly PlanTool[];
  /** The number of the first step if it has no id. Later steps count on from it. @default 1 */
  readonly firstId?: number;
  /** Ids of earlier steps, which references may name too. @default none */
  readonly pastIds?: readonly string[];
}

const MAX_NOTES = 20;

/**
 * Reads a plan in any of the forms that models write. Never throws; finding what is wrong with it is validation's
 * job.
 */
export function readPlan(raw: unknown, options: ReadPlanOptions = {}): ReadPlan {
  const tools = toKnownTools(options.tools ?? []);
  if (typeof raw !== "string") {
    return readValue(raw, options, tools);
  }
  for (const { value, isWhole } of findJson(raw)) {
    const copy = copyJson(value);
    const located = copy.ok ? locateSteps(copy.value, tools.has) : undefined;
    if (located === undefined) {
      continue;
    }
    if (isPlanInText(located, { isWhole, isNamed: !Array.isArray(value) }, tools)) {
      return toPlan(located, options, tools, ["The plan was found in a text."]);
    }
  }
  return { found: false, reason: "There is no plan in this text." };
}

function toKnownTools(tools: readonly PlanTool[]): KnownTools {
  const byName = new Map(tools.filter(({ isWorker }) => !isWorker).map((tool) => [tool.name, tool]));
  const workers = new Set(tools.filter(({ isWorker }) => isWorker).map(({ name }) => name));
  const named = new Map<string, ReturnType<typeof toolArguments>>();
  return {
    has: (name) => byName.has(name),
    isWorker: (name) => workers.has(name),
    argumentsOf: (name) => {
      if (!named.has(name)) {
        named.set(name, toolArguments(byName.get(name)?.schema));
      }
      return named.get(name);
    },
  };
}

interface Place {
  /** Whether the text, or a fenced block of it, holds nothing but this JSON. */
  readonly isWhole: boolean;
  /** Whether the list is in a field of an object, such as "steps". */
  readonly isNamed: boolean;
}

/** Whether JSON from a text is a plan. An answer in text may hold other JSON, so only clear cases count. */
function isPlanInText(
  { form, steps, answer }: LocatedSteps,
  { isWhole, isNamed }: Place,
  tools: KnownTools,
): boolean {
  if (form !== "list") {
    return form === "by-id";
  }
  if (steps.length === 0) {
    return isWhole && isNamed && typeof answer === "string";
  }
  const isStep = (step: JsonValue) =>
    looksLikeStep(step, tools.has) ||
    ((isWhole || isNamed) && typeof step === "string") ||
    (isNamed && (isShortCall(step, tools) || findUnknownCall(toFields(step) ?? {}) !== undefined));
  return steps.every(isStep);
}

function readValue(raw: unknown, options: ReadPlanOptions, tools: KnownTools): ReadPlan {
  const copy = copyJson(raw);
  if (!copy.ok) {
    return { found: false, reason: `The plan cannot be read: ${copy.reason}.` };
  }
  const located = locateSteps(copy.value, tools.has);
  if (located === undefined) {
    return { found: false, reason: "There is no list of steps in it." };
  }
  return toPlan(located, options, tools, []);
}

function toPlan(
  located: LocatedSteps,
  options: ReadPlanOptions,
  tools: KnownTools,
  firstNotes: readonly string[],
): ReadPlan {
  const notes = new Set(firstNotes);
  const note = (text: string): void => {
    if (notes.size < MAX_NOTES) {
      notes.add(text);
    }
  };
  const read = located.steps.map((step) => readStep(step, tools));
  const drafts = read.map((step) => step?.draft);
  const identified = giveIds(drafts, options.firstId ?? 1);
  const ids = identified.map((draft) => draft?.id).filter((id) => typeof id === "string");
  const resolve = createReferenceResolver(ids, options.pastIds);
  if (drafts.some((draft) => draft !== undefined && draft.id === undefined)) {
    note("Steps without ids were numbered.");
  }
  const linked = identified.map((draft) => draft && withGivenArgs(link(draft, resolve, note), options));
  const steps = linked.map((draft, index) => draft ?? located.steps[index] ?? null);
  const answer = readAnswer(located.answer, resolve);
  const plan = answer === undefined ? { steps } : { steps, answer };
  const issues = linked.flatMap((draft, index) => toIssues(draft, read[index], resolve));
  return { found: true, plan, notes: [...notes], issues };
}

/** Says what of a step could not be understood: its fields, and arguments that speak of a step but do not refer to it. */
function toIssues(
  draft: DraftStep | undefined,
  read: ReadStep | undefined,
  resolve: ReferenceResolver,
): PlanIssue[] {
  if (draft === undefined || read === undefined) {
    return [];
  }
  const { id, args = null, forEach } = draft;
  const at = typeof id === "string" ? { stepId: id } : {};
  const label = typeof id === "string" ? `Step ${quote(id)}` : "A step";
  const resolveOther: ReferenceResolver = (token) => {
    if (forEach !== undefined && isItemVariable(token)) {
      return { id: "item", expression: token };
    }
    const resolved = resolve(token);
    return resolved?.id === id ? undefined : resolved;
  };
  return [
    ...read.problems.map((text) => ({ code: "malformed" as const, ...at, message: `${label}: ${text}` })),
    ...findLookalikes(args, resolveOther).map(({ text, meant }) => {
      const message = `${label}: ${quote(text)} in an argument is no reference. Write {{${meant}}}, or {{${meant}.key}} for a part of it.`;
      return { code: "unknown-reference" as const, ...at, message };
    }),
  ];
}

/** Leaves out arguments that were written only to say that they are not given. */
function withGivenArgs(draft: DraftStep, { tools = [] }: ReadPlanOptions): DraftStep {
  const tool = tools.find(({ name }) => name === draft.tool);
  const { args = null } = draft;
  const isNamed = typeof args === "object" && args !== null && !Array.isArray(args);
  return tool === undefined || !isNamed ? draft : { ...draft, args: { ...withoutNulls(args, tool.schema) } };
}

/** Numbers the steps without an id by their place, and avoids ids that other steps have. */
function giveIds(drafts: readonly (DraftStep | undefined)[], firstId: number): (DraftStep | undefined)[] {
  const taken = new Set(drafts.map((draft) => draft?.id));
  let spare = firstId + drafts.length;
  return drafts.map((draft, index) => {
    if (draft === undefined || draft.id !== undefined) {
      return draft;
    }
    let id = String(firstId + index);
    for (; taken.has(id); spare += 1) {
      id = String(spare);
    }
    taken.add(id);
    return { id, ...draft };
  });
}

function link(draft: DraftStep, resolve: ReferenceResolver, note: (text: string) => void): DraftStep {
  const linked: DraftStep = {};
  // `$5` in step 5 is more likely a price than the step itself. What is written in our own grammar stays anyway.
  const resolveOther: ReferenceResolver = (token) => {
    const resolved = resolve(token);
    return resolved?.id === draft.id ? undefined : resolved;
  };
  const onUnresolved = (text: string): void => {
    // Before validation an id may be any JSON value, even an object whose `toString` is no function.
    const id = typeof draft.id === "string" ? draft.id : JSON.stringify(draft.id);
    note(`In step ${id}, ${quote(text)} looks like a reference and names no step.`);
  };
  for (const [field, value] of Object.entries(draft)) {
    if (field === "description" || field === "args") {
      linked[field] = toOwnReferences(value, resolveOther, onUnresolved);
    } else if (field === "forEach" && Array.isArray(value)) {
      linked[field] = JSON.stringify(toOwnReferences(value, resolveOther, onUnresolved));
    } else if ((field === "forEach" || field === "if") && typeof value === "string") {
      linked[field] = toLoneReference(value, resolveOther, onUnresolved);
    } else if (field === "dependsOn") {
      linked[field] = readDependencies(value, resolve);
    } else {
      linked[field] = value;
    }
  }
  return linked;
}

function readAnswer(answer: JsonValue | undefined, resolve: ReferenceResolver): JsonValue | undefined {
  if (typeof answer === "number") {
    return String(answer);
  }
  if (typeof answer !== "string") {
    return answer ?? undefined;
  }
  const id = toStepId(answer, resolve);
  const resolved = resolve(loneExpression(answer) ?? "");
  // A part of an output, {{write.text}}, is not the whole output.
  if (id !== undefined && (resolved === undefined || resolved.expression === id)) {
    return id;
  }
  // Only text in braces is a reference here, because in words for people `$2` is money.
  const words = rewriteReferences(
    answer.trim(),
    (expression) => resolve(expression)?.expression ?? expression,
  );
  return saysNothing(words) ? undefined : words;
}
