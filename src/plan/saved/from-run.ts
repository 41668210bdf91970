import { type JsonValue, mapTexts, stableStringify } from "../../base/index.js";
import { mapOperands } from "../condition.js";
import type { Plan, PlanStep } from "../plan.js";
import { escapeReferences, fieldValue, findReferences } from "../references.js";
import { type SavedPlan, WITH } from "./saved-plan.js";

/** The name of a saved plan that is made of a run, and the values in the run that are to become parameters. */
export interface PlanToSave extends Pick<SavedPlan, "name" | "description" | "examples"> {
  readonly parameters?: Readonly<Record<string, JsonValue>>;
}

/**
 * Makes a saved plan of one that ran: wherever the steps have one of the values, they refer to its parameter. In longer
 * text a value counts only as whole words. Also returns the parameters that were found nowhere.
 */
export function savedPlanOf(
  { steps, answer }: Plan,
  { parameters = {}, ...named }: PlanToSave,
): { readonly saved: SavedPlan; readonly unused: readonly string[] } {
  const replaced = steps.map((step) => replaceInStep(step, parameters));
  const words = answer === undefined ? {} : { answer: replaceInText(answer, parameters) };
  const used = findReferences([replaced, words]);
  const unused = Object.keys(parameters).filter((name) => !used.includes(`${WITH}.${name}`));
  const schemas = Object.entries(parameters).map(([name, value]) => [name, schemaOf(value)] as const);
  return {
    saved: { ...named, parameters: Object.fromEntries(schemas), steps: replaced, ...words },
    unused,
  };
}

type Parameters = Readonly<Record<string, JsonValue>>;

function replaceInStep(step: PlanStep, parameters: Parameters): PlanStep {
  const { description, args, forEach, if: condition } = step;
  const list = forEach === undefined ? undefined : fieldValue(forEach);
  const name = Array.isArray(list) ? nameOf(list, parameters) : undefined;
  return {
    ...step,
    description: replaceInText(description, parameters),
    ...(args === undefined ? {} : { args: replaceInEntries(args, parameters) }),
    ...(name === undefined ? {} : { forEach: toReference(name) }),
    ...(condition === undefined
      ? {}
      : { if: mapOperands(condition, (value) => replaceInValue(value, parameters)) }),
  };
}

function replaceInEntries(entries: Parameters, parameters: Parameters): Record<string, JsonValue> {
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, replaceInValue(value, parameters)]),
  );
}

function replaceInValue(value: JsonValue, parameters: Parameters): JsonValue {
  const name = nameOf(value, parameters);
  if (name !== undefined) {
    return toReference(name);
  }
  if (typeof value === "string") {
    return replaceInText(value, parameters);
  }
  if (Array.isArray(value)) {
    return value.map((item) => replaceInValue(item, parameters));
  }
  return typeof value === "object" && value !== null ? replaceInEntries(value, parameters) : value;
}

/** The parameter that a whole value is. In a plan, texts are escaped. */
function nameOf(value: JsonValue, parameters: Parameters): string | undefined {
  const text = stableStringify(value);
  const found = Object.entries(parameters).find(
    ([, one]) => stableStringify(mapTexts(one, escapeReferences)) === text,
  );
  return found?.[0];
}

const REFERENCE = /(\{\{[^{}]*\}\})/;

/** Replaces texts and numbers where they are whole words, but not inside references. The longest come first. */
function replaceInText(text: string, parameters: Parameters): string {
  const values = Object.entries(parameters)
    .flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number"
        ? [{ name, written: escapeReferences(String(value)) }]
        : [],
    )
    .filter(({ written }) => written.trim() !== "")
    .sort((one, other) => other.written.length - one.written.length);
  return values.reduce((before, { name, written }) => {
    const word = new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(written)}(?![\\p{L}\\p{N}])`, "gu");
    return before
      .split(REFERENCE)
      .map((piece, index) => (index % 2 === 1 ? piece : piece.replaceAll(word, () => toReference(name))))
      .join("");
  }, text);
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function toReference(name: string): string {
  return `{{${WITH}.${name}}}`;
}

function schemaOf(value: JsonValue): object {
  if (value === null) {
    return {};
  }
  if (Array.isArray(value)) {
    return { type: "array" };
  }
  return { type: Number.isInteger(value) ? "integer" : typeof value };
}
