import { copyJson } from "./copy-json.js";
import { parseStructure } from "./find-json.js";
import type { JsonValue } from "./json.js";
import { firstField, type JsonFields, looksLikeStep, toFields } from "./step-fields.js";

/** The raw steps of a plan and, where it names one, the raw id of the answer. */
export type LocatedSteps = {
  readonly steps: readonly JsonValue[];
  readonly answer?: JsonValue;
  /** Whether they are a list, an object by id, the lines of a text, or one step by itself. */
  readonly form: "list" | "by-id" | "lines" | "single";
};

const stepsFields = ["steps", "plan", "tasks", "calls"];

/** Whether a name is that of a tool. */
type IsTool = (name: string) => boolean;

/** Finds the list of steps in what a model wrote: bare, in a field, or in a plan within a plan. */
export function locateSteps(value: JsonValue, isTool: IsTool): LocatedSteps | undefined {
  if (Array.isArray(value)) return { steps: value, form: "list" };
  const fields = toFields(value);
  if (fields === undefined) return undefined;
  const steps = firstField(fields, stepsFields);
  if (steps === undefined)
    return looksLikeStep(value, isTool) ? { steps: [value], form: "single" } : undefined;
  const located = locateInside(steps, isTool);
  return located && { ...located, answer: located.answer ?? fields.answer };
}

function locateInside(value: JsonValue, isTool: IsTool): LocatedSteps | undefined {
  if (typeof value === "string") return locateInText(value, isTool);
  const fields = toFields(value);
  const byId = fields === undefined ? undefined : stepsById(fields, isTool);
  return byId === undefined ? locateSteps(value, isTool) : { steps: byId, form: "by-id" };
}

function locateInText(text: string, isTool: IsTool): LocatedSteps | undefined {
  const parsed = copyJson(parseStructure(text));
  if (parsed.ok && parsed.value !== null) return locateSteps(parsed.value, isTool);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? undefined : { steps: lines, form: "lines" };
}

/** The steps of an object that has one under each id: `{"1": {…}, "2": {…}}`. */
function stepsById(fields: JsonFields, isTool: IsTool): JsonValue[] | undefined {
  const entries = Object.entries(fields);
  if (entries.length === 0 || !entries.every(([, step]) => looksLikeStep(step, isTool))) return undefined;
  return entries.map(([id, step]) => ({ id, ...toFields(step) }));
}
