import { copyJson, type JsonValue } from "../../base/index.js";
import { parseStructure } from "../json-in-text.js";
import { firstField, type JsonFields, looksLikeStep, toFields } from "./step-fields.js";

// Finds the list of steps in the JSON that a model wrote.

/** The steps of a plan and its answer, both as they were written. */
export interface LocatedSteps {
  readonly steps: readonly JsonValue[];
  readonly answer?: JsonValue;
  /** How the steps were written: as a list, an object by id, the lines of a text, or a single step. */
  readonly form: "list" | "by-id" | "lines" | "single";
}

const STEPS_FIELDS = ["steps", "plan", "tasks", "calls"];

/** Whether a tool has this name. */
type IsTool = (name: string) => boolean;

/** Finds the list of steps in a JSON value: bare, in a field, or in a plan within a plan. */
export function locateSteps(value: JsonValue, isTool: IsTool): LocatedSteps | undefined {
  if (Array.isArray(value)) {
    return { steps: value, form: "list" };
  }
  const fields = toFields(value);
  if (fields === undefined) {
    return undefined;
  }
  const steps = firstField(fields, STEPS_FIELDS);
  if (steps === undefined) {
    return looksLikeStep(value, isTool) ? { steps: [value], form: "single" } : undefined;
  }
  const located = locateInside(steps, isTool);
  return located && { ...located, answer: located.answer ?? fields.answer };
}

function locateInside(value: JsonValue, isTool: IsTool): LocatedSteps | undefined {
  if (typeof value === "string") {
    return locateInText(value, isTool);
  }
  const fields = toFields(value);
  const byId = fields === undefined ? undefined : stepsById(fields, isTool);
  return byId === undefined ? locateSteps(value, isTool) : { steps: byId, form: "by-id" };
}

function locateInText(text: string, isTool: IsTool): LocatedSteps | undefined {
  const parsed = copyJson(parseStructure(text));
  if (parsed.ok && parsed.value !== null) {
    return locateSteps(parsed.value, isTool);
  }
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.length === 0 ? undefined : { steps: lines, form: "lines" };
}

/** Lists the steps of an object that has one under each id: `{"1": {…}, "2": {…}}`. */
function stepsById(fields: JsonFields, isTool: IsTool): JsonValue[] | undefined {
  const entries = Object.entries(fields);
  if (entries.length === 0 || !entries.every(([, step]) => looksLikeStep(step, isTool))) {
    return undefined;
  }
  return entries.map(([id, step]) => ({ id, ...toFields(step) }));
}
