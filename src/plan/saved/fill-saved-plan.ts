import { createNearestName, cutText, type JsonValue, mapTexts, quote, quoteAll } from "../../base/index.js";
import { mapOperands } from "../condition.js";
import { followPath } from "../fill-references.js";
import { truthOf } from "../judge-condition.js";
import type { Plan, PlanStep } from "../plan.js";
import type { PlanTool } from "../plan-tool.js";
import { describeCall } from "../read/index.js";
import {
  escapeReferences,
  findReferences,
  loneExpression,
  parseTemplate,
  replaceReferences,
  splitReference,
} from "../references.js";
import { validatePlan } from "../validate/index.js";
import { readValues } from "./parameters.js";
import { type PlanUse, type PreparedPlan, WITH_ID } from "./saved-plan.js";

/** A saved plan with its values filled in, or why it cannot be used so. */
export type FilledPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** What the plan is for, with its values. It is the goal if nobody says one. */
      readonly goal: string;
    }
  | { readonly ok: false; readonly isKnown: boolean; readonly issues: readonly string[] };

const MAX_SHOWN_VALUE_BYTES = 200;

/**
 * Fills the values of its parameters into a saved plan. What comes out is a plan like any other, so everybody who sees
 * it, a person who approves it too, sees the values. Values are data: braces in them are no references.
 */
export function fillSavedPlan(
  { use, with: given }: PlanUse,
  plans: readonly PreparedPlan[],
  tools: readonly PlanTool[],
): FilledPlan {
  const saved = plans.find(({ name }) => name === use);
  if (saved === undefined) {
    const names = plans.map(({ name }) => name);
    const nearest = createNearestName()(use, names);
    const meant = nearest === undefined ? "" : ` Did you mean ${quote(nearest)}?`;
    const known = names.length === 0 ? "There are none." : `The saved plans are ${quoteAll(names)}.`;
    const issues = [`There is no saved plan ${quote(use)}.${meant} ${known}`];
    return { ok: false, isKnown: false, issues };
  }
  const read = readValues(saved.schema, given);
  if (!read.ok) {
    return {
      ok: false,
      isKnown: true,
      issues: read.issues.map((issue) => `The saved plan ${quote(use)}: ${issue}`),
    };
  }
  const { answer, steps } = saved.plan;
  const plan = {
    steps: steps.map((step) => fillStep(step, read.values)),
    ...(answer === undefined ? {} : { answer: fillText(answer, read.values) }),
  };
  const issues = validatePlan(plan, { tools }).map(({ message }) => message);
  return issues.length > 0
    ? { ok: false, isKnown: true, issues: issues.map((issue) => `The saved plan ${quote(use)}: ${issue}`) }
    : { ok: true, plan, goal: toGoal(saved, read.values) };
}

type Values = Record<string, JsonValue>;

/** The value that an expression stands for; undefined if it is no parameter. What was left out is null. */
function parameterAt(expression: string, values: Values): JsonValue | undefined {
  const target = splitReference(expression, WITH_ID);
  if (target === undefined) {
    return undefined;
  }
  const followed = followPath(values, target.path);
  return followed.ok ? followed.value : null;
}

function fillStep(step: PlanStep, values: Values): PlanStep {
  const { description, tool, args, forEach, if: condition } = step;
  const filled = args === undefined ? undefined : fillEntries(args, values);
  // Words that only repeat the call are made of the filled call: long arguments are cut in them.
  const repeated = description === describeCall(tool, args) ? describeCall(tool, filled) : undefined;
  return {
    ...step,
    description: repeated ?? fillText(description, values),
    ...(filled === undefined ? {} : { args: filled }),
    ...(forEach === undefined ? {} : { forEach: fillLone(forEach, values) }),
    ...(condition === undefined ? {} : { if: fillCondition(condition, values) }),
  };
}

/** Writes the value into a field that is one reference, as JSON. */
function fillLone(text: string, values: Values): string {
  const value = parameterAt(loneExpression(text) ?? "", values);
  return value === undefined ? text : JSON.stringify(mapTexts(value, escapeReferences));
}

/** A list or an object has no form in a condition, but it is true or false. */
function fillCondition(text: string, values: Values): string {
  return mapOperands(text, (operand) => {
    const value = fillValue(operand, values);
    return typeof value === "object" && value !== null ? truthOf(value) === true : value;
  });
}

function fillText(text: string, values: Values): string {
  return replaceReferences(text, (expression) => {
    const value = parameterAt(expression, values);
    return value === undefined ? undefined : escapeReferences(toText(value));
  });
}

function toText(value: JsonValue): string {
  if (value === null) {
    return "";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Fills arguments. One that only refers to a parameter that was left out is left out too. */
function fillEntries(entries: Readonly<Record<string, JsonValue>>, values: Values): Values {
  const filled = Object.entries(entries).flatMap(([key, entry]) => {
    const lone = typeof entry === "string" ? loneExpression(entry) : undefined;
    const isLeftOut = lone !== undefined && parameterAt(lone, values) === null && !isGiven(lone, values);
    return isLeftOut ? [] : [[key, fillValue(entry, values)] as const];
  });
  return Object.fromEntries(filled);
}

function isGiven(expression: string, values: Values): boolean {
  const [name = ""] = splitReference(expression, WITH_ID)?.path ?? [];
  return Object.hasOwn(values, name);
}

function fillValue(value: JsonValue, values: Values): JsonValue {
  if (typeof value === "string") {
    const lone = parameterAt(loneExpression(value) ?? "", values);
    return lone === undefined ? fillText(value, values) : mapTexts(lone, escapeReferences);
  }
  if (Array.isArray(value)) {
    return value.map((item) => fillValue(item, values));
  }
  return typeof value === "object" && value !== null ? fillEntries(value, values) : value;
}

/** Says what the plan is for, with the values that its description does not name behind it. */
function toGoal({ description }: PreparedPlan, values: Values): string {
  const named = new Set(
    findReferences(description).map((expression) => splitReference(expression, WITH_ID)?.path[0]),
  );
  const show = (value: JsonValue) => cutText(toText(value), MAX_SHOWN_VALUE_BYTES);
  const said = parseTemplate(description)
    .map((part) =>
      part.kind === "text"
        ? part.text
        : show(parameterAt(part.expression, values) ?? `{{${part.expression}}}`),
    )
    .join("");
  const others = Object.entries(values).filter(([name]) => !named.has(name));
  const list = others.map(([name, value]) => `${name}: ${show(value)}`).join(", ");
  return list === "" ? said : `${said} (${list})`;
}
