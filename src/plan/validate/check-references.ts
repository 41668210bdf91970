import { quote } from "../../base/index.js";
import { isAnswerInWords } from "../answer-words.js";
import { followOutput } from "../fill-references.js";
import { followOutputShape, itemShapeOf, type OutputShape } from "../output-shape.js";
import type { PlanIssue } from "../plan-issue.js";
import {
  fieldValue,
  findReferences,
  ITEM_VARIABLES,
  loneExpression,
  type ReferenceTarget,
  splitReference,
  stepReferences,
} from "../references.js";
import { isPassable } from "../step-result.js";
import { nameSteps, type PlanView, type StepView, stepLabel } from "./plan-view.js";

/** Finds references that nothing can fill, and an answer that names no usable step. */
export function checkReferences(view: PlanView): PlanIssue[] {
  return [...view.steps.flatMap((step) => checkStep(step, view)), ...checkAnswer(view)];
}

function checkStep(step: StepView, view: PlanView): PlanIssue[] {
  const inForEach = new Set(findReferences(fieldValue(step.forEach ?? "")));
  return stepReferences(step).flatMap((expression) => {
    const reason = whyUnfillable(expression, step, inForEach.has(expression), view);
    if (reason === undefined) {
      return [];
    }
    const message = `${stepLabel(step)} refers to ${quote(`{{${expression}}}`)}, ${reason}`;
    return [
      { code: "unknown-reference" as const, ...(step.id !== undefined && { stepId: step.id }), message },
    ];
  });
}

function whyUnfillable(
  expression: string,
  step: StepView,
  isInForEach: boolean,
  view: PlanView,
): string | undefined {
  const known = { has: (id: string) => view.known.has(id) || ITEM_VARIABLES.has(id) };
  const target = splitReference(expression, known);
  if (isCalculation(expression, target?.id)) {
    const id = target?.id ?? "1";
    return `but a reference is a step's id and a path, such as {{${id}.items.0}}: nothing is worked out in it. Leave that to a tool, "{{${id}}} * 2", or to a step of its own. A key with such signs stands in brackets: {{${id}["a * b"]}}.`;
  }
  if (target === undefined) {
    return whyUnknown(expression, view, step.id);
  }
  if (view.ids.has(target.id)) {
    return whyNotInOutput(target, outputShape(target.id, view));
  }
  const past = view.past.get(target.id);
  if (past === undefined) {
    if (step.forEach === undefined) {
      return 'which only a step with "forEach" can: give it one, or name a step.';
    }
    return isInForEach
      ? 'but "forEach" says what the items are: name the step that gives the list.'
      : whyNotInOutput(target, target.id === "item" ? itemShape(step.forEach, view) : undefined);
  }
  if (!isPassable(past)) {
    return `which ended as ${past.status} and has no output.`;
  }
  const followed = past.output === undefined ? undefined : followOutput(past.output, target.path);
  if (followed === undefined || followed.ok) {
    return undefined;
  }
  return describeMissing(target.id, followed);
}

/** Says why a step's output, as its tool declares it, cannot have what a reference names. */
function whyNotInOutput({ id, path }: ReferenceTarget, shape: OutputShape | undefined): string | undefined {
  const followed = shape && followOutputShape(shape, path);
  return followed === undefined || followed.ok ? undefined : describeMissing(id, followed);
}

interface Missing {
  readonly taken: readonly string[];
  readonly reason: string;
}

function describeMissing(id: string, { taken, reason }: Missing): string {
  const whole = ITEM_VARIABLES.has(id) ? `the ${id}` : `the output of ${quote(id)}`;
  return `but ${whole} does not have that: at ${quote([id, ...taken].join("."))} ${reason}.`;
}

/** The shape of a step's output, as far as its tool declares it. A for-each step gives a list of its tool's outputs. */
function outputShape(id: string, view: PlanView): OutputShape | undefined {
  const step = view.byId.get(id);
  const shape = step?.tool === undefined ? undefined : view.tools?.get(step.tool)?.output;
  return shape !== undefined && step?.forEach !== undefined ? { kind: "list", item: shape } : shape;
}

/** The shape of the items that a step's forEach goes through, if its list is a part of a declared output. */
function itemShape(forEach: string, view: PlanView): OutputShape | undefined {
  const target = splitReference(loneExpression(forEach) ?? "", view.ids);
  const shape = target && outputShape(target.id, view);
  const list = shape && followOutputShape(shape, target.path);
  return list?.ok ? itemShapeOf(list.shape) : undefined;
}

/** Signs of a calculation, a call, a filter or a slice. */
const CALCULATION_PATTERN =
  /\*|\w\(|\s(?:[-+/%^?]|[<>]=?|&&)\s|[+/%^]\s?\d|[!=]=|=>|\||\[[^\]]{0,200}[:?]|\[-/;
const QUOTED_KEY_PATTERN = /\["[^"]*"\]|\['[^']*'\]/g;

/** Whether there is more in a reference than the id and a path. Keys in quotes may hold anything. */
function isCalculation(expression: string, id = ""): boolean {
  return CALCULATION_PATTERN.test(expression.slice(id.length).replaceAll(QUOTED_KEY_PATTERN, ""));
}

function checkAnswer(view: PlanView): PlanIssue[] {
  const { answer } = view;
  if (answer === undefined || view.ids.has(answer)) {
    return [];
  }
  if (isAnswerInWords(answer, view.past)) {
    return findReferences(answer).flatMap((one) => checkAnswerPart(one, view));
  }
  const past = view.past.get(answer);
  if (past !== undefined && isPassable(past)) {
    return [];
  }
  const reason =
    past === undefined
      ? `is no step of the plan.${nameSteps(view, answer)}`
      : `ended as ${past.status} and has no output. Name another step, or leave "answer" out.`;
  return [{ code: "unknown-answer", message: `The answer, ${quote(answer)}, ${reason}` }];
}

function checkAnswerPart(expression: string, view: PlanView): PlanIssue[] {
  const target = splitReference(expression, view.known);
  if (target !== undefined && view.ids.has(target.id)) {
    const missing = whyNotInOutput(target, outputShape(target.id, view));
    return missing === undefined ? [] : [unknownAnswer(expression, missing)];
  }
  const past = target === undefined ? undefined : view.past.get(target.id);
  if (past !== undefined && isPassable(past)) {
    return [];
  }
  const reason =
    past === undefined
      ? whyUnknown(expression, view, undefined)
      : `which ended as ${past.status} and has no output. Leave "answer" out, or write it without.`;
  return [unknownAnswer(expression, reason)];
}

function unknownAnswer(expression: string, reason: string): PlanIssue {
  return { code: "unknown-answer", message: `The answer refers to ${quote(`{{${expression}}}`)}, ${reason}` };
}

function whyUnknown(expression: string, view: PlanView, ownId: string | undefined): string {
  const head = /^[^.[]*/.exec(expression)?.[0] ?? expression;
  if (view.known.has(head)) {
    return `whose path cannot be read. Write it as in {{${head}.items.0.name}}.`;
  }
  return `which names no step.${nameSteps(view, head, ownId)} Write \\{{ where braces are meant as text.`;
}
