import { copyJson } from "./copy-json.js";
import type { JsonValue } from "./json.js";
import { planSchema, planStepSchema } from "./plan.js";
import type { PlanIssue } from "./plan-issue.js";
import { type StepView, stepLabel } from "./plan-view.js";
import { isLoneReference } from "./references.js";
import { whyNoStepId } from "./step-id.js";

/** What a foreign value holds of a plan, and what is wrong with its form. */
export type PlanReading = { steps: StepView[]; answer?: string; issues: PlanIssue[] };

const rightForms: Readonly<Record<string, string>> = {
  id: "a text of 1 to 64 characters",
  description: "a text that says what the step does",
  tool: "the name of a tool",
  args: 'an object of arguments, such as {"query":"…"}',
  dependsOn: 'a list of step ids, such as ["1"]',
  forEach: 'one reference to a list, such as "{{1}}"',
  if: 'one reference, such as "{{1.found}}"',
};

const partialStepSchema = planStepSchema.partial();

/** Reads a foreign value as a plan, keeping of a broken one whatever is well formed. */
export function readView(plan: unknown): PlanReading {
  const copy = copyJson(plan);
  if (!copy.ok) return unreadable(`The plan cannot be read: ${copy.reason}.`);
  const fields = toFields(copy.value);
  if (fields === undefined) return unreadable('A plan must be an object such as {"steps":[…]}.');
  if (!Array.isArray(fields.steps)) return unreadable('A plan must have "steps", a list of steps.');
  const readings = fields.steps.map((step, index) => readStepView(step, index + 1));
  const steps = readings.map((reading) => reading.step);
  const issues = readings.flatMap((reading) => reading.issues);
  if (steps.length === 0)
    issues.push({ code: "no-steps", message: "The plan has no steps: it needs one at least." });
  const answer = planSchema.shape.answer.safeParse(fields.answer);
  if (answer.success) return { steps, answer: answer.data, issues };
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
    ...[...broken].filter((key) => key !== "id" || step.id === undefined).map((key) => formOf(key)),
    ...idComplaints(step),
    ...referenceComplaints(step),
    ...emptinessComplaints(step),
  ];
  const issues = complaints.map(({ field, text }) =>
    malformed(`${stepLabel(step)}: ${text}`, [field], step.id),
  );
  return { step, issues };
}

type Complaint = { field: string; text: string };

function formOf(field: string): Complaint {
  return { field, text: `"${field}" must be ${rightForms[field] ?? "a text"}.` };
}

function idComplaints({ id }: StepView): Complaint[] {
  const reason = id === undefined ? undefined : whyNoStepId(id);
  if (reason === undefined) return [];
  return [
    {
      field: "id",
      text: `this id cannot be used, since ${reason}. Use a short one such as "1" or "prices".`,
    },
  ];
}

function referenceComplaints(step: StepView): Complaint[] {
  const fields = ["forEach", "if"] as const;
  return fields
    .filter((field) => !isLoneReference(step[field] ?? "{{1}}"))
    .map((field) => ({ field, text: `"${field}" must be ${rightForms[field]}, and nothing else.` }));
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
