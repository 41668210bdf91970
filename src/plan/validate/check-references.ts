import { quote } from "../../base/index.js";
import { isAnswerInWords } from "../answer-words.js";
import { followOutput } from "../fill-references.js";
import type { PlanIssue } from "../plan-issue.js";
import { fieldValue, findReferences, ITEM_VARIABLES, splitReference, stepReferences } from "../references.js";
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
    return undefined;
  }
  const past = view.past.get(target.id);
  if (past === undefined) {
    if (step.forEach === undefined) {
      return 'which only a step with "forEach" can: give it one, or name a step.';
    }
    return isInForEach
      ? 'but "forEach" says what the items are: name the step that gives the list.'
      : undefined;
  }
  if (!isPassable(past)) {
    return `which ended as ${past.status} and has no output.`;
  }
  const followed = past.output === undefined ? undefined : followOutput(past.output, target.path);
  if (followed === undefined || followed.ok) {
    return undefined;
  }
  return `but the output of ${quote(target.id)} does not have that: at ${quote([target.id, ...followed.taken].join("."))} ${followed.reason}.`;
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
    return [];
  }
  const past = target === undefined ? undefined : view.past.get(target.id);
  if (past !== undefined && isPassable(past)) {
    return [];
  }
  const reason =
    past === undefined
      ? whyUnknown(expression, view, undefined)
      : `which ended as ${past.status} and has no output. Leave "answer" out, or write it without.`;
  return [
    { code: "unknown-answer", message: `The answer refers to ${quote(`{{${expression}}}`)}, ${reason}` },
  ];
}

function whyUnknown(expression: string, view: PlanView, ownId: string | undefined): string {
  const head = /^[^.[]*/.exec(expression)?.[0] ?? expression;
  if (view.known.has(head)) {
    return `whose path cannot be read. Write it as in {{${head}.items.0.name}}.`;
  }
  return `which names no step.${nameSteps(view, head, ownId)} Write \\{{ where braces are meant as text.`;
}
