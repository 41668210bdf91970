import {
  copyJson,
  type createNearestName,
  type JsonValue,
  quote,
  quoteAll,
  quoteValue,
} from "../../base/index.js";
import { whyNoCondition } from "../judge-condition.js";
import { type PlanStep, planSchema, planStepSchema } from "../plan.js";
import type { PlanIssue } from "../plan-issue.js";
import type { PlanTool } from "../plan-tool.js";
import { fieldValue, isLoneReference, whyNoStepId } from "../references.js";
import type { StepResult } from "../step-result.js";

const MAX_STEPS_FILTERED = 200;

/** The well-formed fields of a step, which may have others that are broken. */
export type StepView = Partial<PlanStep> & {
  /** The step's place in the plan, from 1. */
  readonly position: number;
};

/** A step whose id can be read. */
export type NamedStepView = StepView & { readonly id: string };

/** A plan, and what it is checked against, in the form that the checks need. */
export interface PlanView {
  readonly steps: readonly StepView[];
  /** The steps with a readable id, duplicates included. */
  readonly named: readonly NamedStepView[];
  readonly byId: ReadonlyMap<string, NamedStepView>;
  /** The ids of the plan's steps. */
  readonly ids: ReadonlySet<string>;
  /** All ids that a reference may begin with: those of the plan, and those of past steps. */
  readonly known: ReadonlySet<string>;
  /** The ids that a step may name: the plan's, and those of past steps whose dependents may run. */
  readonly available: readonly string[];
  readonly answer?: string;
  /** The settled steps of the turn, by id, without those that never ran and whose ids are free again. */
  readonly past: ReadonlyMap<string, StepResult>;
  /** The tools by name; undefined if tools are not checked. */
  readonly tools?: ReadonlyMap<string, PlanTool>;
  /** The names of the workers; undefined if tools are not checked. */
  readonly workers?: readonly string[];
  readonly nearest: ReturnType<typeof createNearestName>;
}

/** Names a step in a message, by its id or its position. */
export function stepLabel(step: StepView): string {
  return step.id === undefined ? `The step at position ${step.position}` : `Step ${quote(step.id)}`;
}

/** Whether a step has a readable id. */
export function isNamed(step: StepView): step is NamedStepView {
  return step.id !== undefined;
}

/** Suggests what was probably meant, in a sentence that begins with a blank; empty if no name is near. */
export function didYouMean(view: PlanView, name: string, candidates: Iterable<string>): string {
  const nearest = view.nearest(name, candidates);
  return nearest === undefined ? "" : ` Did you mean ${quote(nearest)}?`;
}

/** Lists what a step may refer to, the nearest name first, in sentences that begin with a blank. */
export function nameSteps(view: PlanView, wanted: string, ownId?: string): string {
  // Filtering thousands of ids, for each of thousands of issues, would cost more than it helps.
  const isFew = view.available.length <= MAX_STEPS_FILTERED;
  const names = isFew ? view.available.filter((id) => id !== ownId) : view.available;
  if (names.length === 0) {
    return " There is no other step.";
  }
  return `${didYouMean(view, wanted, names)} The steps are ${quoteAll(names)}.`;
}

/** The readable parts of a foreign plan, and what is wrong with its form. */
interface PlanReading {
  steps: StepView[];
  answer?: string;
  issues: PlanIssue[];
}

const RIGHT_FORMS: Readonly<Record<string, string>> = {
  id: "a text of 1 to 64 characters",
  description: "a text that says what the step does",
  tool: "the name of a tool",
  tools: 'a list of names of tools, such as ["search"], or [] for none',
  worker: "the name of a worker",
  model: '"strong"',
  args: 'an object of arguments, such as {"query":"…"}',
  dependsOn: 'a list of step ids, such as ["1"]',
  forEach: 'one reference to a list, such as "{{1}}", or the list as JSON, such as "[1,2]"',
  if: `a condition, such as "{{1.found}}", "!{{1}}" or "{{1.count}} > 0 && {{2}} == 'open'"`,
};

const partialStepSchema = planStepSchema.partial();

/** Reads a foreign value as a plan. From a broken one it keeps whatever is well formed. */
export function readView(plan: unknown): PlanReading {
  const copy = copyJson(plan);
  if (!copy.ok) {
    return unreadable(`The plan cannot be read: ${copy.reason}.`);
  }
  const fields = toFields(copy.value);
  if (fields === undefined) {
    return unreadable('A plan must be an object such as {"steps":[…]}.');
  }
  if (!Array.isArray(fields.steps)) {
    return unreadable('A plan must have "steps", a list of steps.');
  }
  const readings = fields.steps.map((step, index) => readStepView(step, index + 1));
  const steps = readings.map((reading) => reading.step);
  const issues = readings.flatMap((reading) => reading.issues);
  if (steps.length === 0) {
    issues.push({ code: "no-steps", message: "The plan has no steps: it needs one at least." });
  }
  const answer = planSchema.shape.answer.safeParse(fields.answer);
  if (answer.success) {
    return { steps, answer: answer.data, issues };
  }
  return {
    steps,
    issues: [...issues, malformed('"answer" must be the id of a step, or words.', ["answer"])],
  };
}

function readStepView(value: JsonValue, position: number): { step: StepView; issues: PlanIssue[] } {
  const fields = toFields(value);
  if (fields === undefined) {
    const message = `The step at position ${position} must be an object such as {"id":"1","description":"…"}.`;
    return { step: { position }, issues: [malformed(message)] };
  }
  const parsed = planStepSchema.safeParse(fields);
  const broken = new Set(parsed.error?.issues.map((issue) => String(issue.path[0])));
  const sound = Object.fromEntries(Object.entries(fields).filter(([key]) => !broken.has(key)));
  const id = typeof fields.id === "string" && fields.id !== "" ? { id: fields.id } : {};
  const step: StepView = { ...partialStepSchema.parse(sound), ...id, position };
  const complaints = [
    ...[...broken]
      .filter((key) => key !== "id" || step.id === undefined)
      .map((key) => formOf(key, fields[key])),
    ...idComplaints(step),
    ...listComplaints(step),
    ...conditionComplaints(step),
    ...emptinessComplaints(step),
  ];
  const issues = complaints.map(({ field, text }) =>
    malformed(`${stepLabel(step)}: ${text}`, [field], step.id),
  );
  return { step, issues };
}

interface Complaint {
  field: string;
  text: string;
}

function formOf(field: string, written: JsonValue | undefined): Complaint {
  if (field === "description" && written === undefined) {
    return { field, text: "it says nothing to do. Give it a call or a description." };
  }
  const right = RIGHT_FORMS[field] ?? "a text";
  const what = written === undefined ? "" : ` is ${quoteValue(written)}, and`;
  return { field, text: `"${field}"${what} must be ${right}.` };
}

function idComplaints({ id }: StepView): Complaint[] {
  const reason = id === undefined ? undefined : whyNoStepId(id);
  if (reason === undefined) {
    return [];
  }
  return [
    {
      field: "id",
      text: `this id cannot be used, since ${reason}. Use a short one such as "1" or "prices".`,
    },
  ];
}

/** The value of a saved plan's parameter stands in `forEach` as JSON. */
function listComplaints({ forEach }: StepView): Complaint[] {
  if (forEach === undefined || isLoneReference(forEach) || Array.isArray(fieldValue(forEach))) {
    return [];
  }
  return [
    {
      field: "forEach",
      text: `"forEach" is ${quote(forEach)}, and must be ${RIGHT_FORMS.forEach}, and nothing else.`,
    },
  ];
}

function conditionComplaints({ if: condition }: StepView): Complaint[] {
  const reason = condition === undefined ? undefined : whyNoCondition(condition);
  return reason === undefined ? [] : [{ field: "if", text: `"if" must be ${RIGHT_FORMS.if}. ${reason}` }];
}

function emptinessComplaints(step: StepView): Complaint[] {
  const isEmpty = step.tool === undefined && step.description?.trim() === "";
  return isEmpty
    ? [{ field: "description", text: "it has no tool, so its description must say what to do." }]
    : [];
}

function toFields(value: JsonValue): Record<string, JsonValue> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

function malformed(message: string, path?: string[], stepId?: string): PlanIssue {
  return { code: "malformed", ...(stepId === undefined ? {} : { stepId }), message, ...(path && { path }) };
}

function unreadable(message: string): PlanReading {
  return { steps: [], issues: [malformed(message)] };
}
