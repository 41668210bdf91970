// How a model is asked for the work of a step where it fills in a form, and is not offered tools. A form is a JSON schema
// that its answer is held to, and the words that explain it. The answer is one of these:
//
//   {"tool":"get_weather","args":{"city":"Oslo"}}     a call of one of the step's tools
//   {"result":["Oslo","Porto"]}                       the step's result, in the shape that its readers need
//
// Among the tools is `blocked`, for a step that cannot be done. Once tools have given something, either begins
// with `known`: a small model that says first what is known goes on where something is missing, and otherwise answers
// from the first line that it meets.
import { type AnswerForm, type BareSchema, toBareSchema, toSection } from "../../models/index.js";
import { type OutputShape, writeShape } from "../../plan/index.js";
import { toBriefLine } from "../brief-tool.js";
import type { CatalogueEntry } from "../catalogue-entry.js";

/** What the answer to a form may be. */
export interface StepFormParts {
  readonly tools: readonly CatalogueEntry[];
  /** Those of the tools that may be called now. */
  readonly callable: (name: string) => boolean;
  /** The shape of the step's result; undefined if the step's result is what its tool gives. */
  readonly result: OutputShape | undefined;
  /** Whether the answer may be the result now. */
  readonly mayEnd: boolean;
  /** The task, if the answer begins with what is known of it. */
  readonly recalled?: string;
  /** The only texts that an argument of this name may be, or may hold as a list. */
  readonly among?: { readonly argument: string; readonly texts: readonly string[] };
}

/** Writes the form of a step. Its words do not depend on what is possible now, for the sake of caches. */
export function toStepForm({ tools, callable, result, mayEnd, recalled, among }: StepFormParts): AnswerForm {
  const known: Fields = recalled === undefined ? {} : { known: { type: "string", maxLength: MAX_KNOWN } };
  const calls = tools
    .filter(({ name }) => callable(name))
    .map((tool) => toObject({ ...known, ...toCallFields(tool, among) }));
  const results =
    result !== undefined && mayEnd ? [toObject({ ...known, result: toResultSchema(result) })] : [];
  const lines = [
    '{"tool":"…","args":{…}}, a call of one of the tools',
    ...(result === undefined ? [] : [`{"result":…}, the step's result: ${describeShape(result)}`]),
  ];
  return {
    schema: { anyOf: [...results, ...calls] },
    rule: `${toSection("tools", tools.map(toBriefLine).join("\n"))}\n\nAnswer with JSON:\n${lines.join(", or\n")}`,
    reminder: recalled === undefined ? undefined : `${toSection("task", recalled)}\n\n${KNOWN_RULE}`,
  };
}

type Fields = Readonly<Record<string, BareSchema>>;

const KNOWN_RULE = 'Say in "known" what is known of it and what is still missing.';
/** How many characters. Without an end some models never come to their answer. */
const MAX_KNOWN = 200;

function toCallFields({ name, parameters }: CatalogueEntry, among: StepFormParts["among"]): Fields {
  const args = toBareSchema(parameters);
  const field = among && args.properties?.[among.argument];
  const chosen = field && {
    ...args,
    properties: { ...args.properties, [among.argument]: toChoice(field, among.texts) },
  };
  return { tool: { type: "string", enum: [name] }, args: chosen ?? args };
}

function toChoice(field: BareSchema, texts: readonly string[]): BareSchema {
  const one: BareSchema = { type: "string", enum: texts };
  return field.type === "array" ? { type: "array", items: one } : one;
}

function toObject(properties: Fields): BareSchema {
  return { type: "object", properties, required: Object.keys(properties), additionalProperties: false };
}

const TEXT: BareSchema = { type: "string" };
/** A value inside a list or an object. */
const VALUE: BareSchema = { anyOf: [TEXT, { type: "number" }] };

/** A result in words is a text. */
function toResultSchema(shape: OutputShape, inside: BareSchema = TEXT): BareSchema {
  switch (shape.kind) {
    case "any":
      return inside;
    case "single":
      return { type: shape.type === "boolean" ? "boolean" : "string" };
    case "list":
      return { type: "array", items: toResultSchema(shape.item, VALUE) };
    case "object":
      return toObject(
        Object.fromEntries(
          [...shape.fields].map(([name, field]) => [name, toResultSchema(field.shape, VALUE)]),
        ),
      );
  }
}

function describeShape(shape: OutputShape): string {
  switch (shape.kind) {
    case "any":
      return "a text";
    case "single":
      return "true or false";
    case "list":
      return `a list, ${writeShape(shape)}`;
    case "object":
      return writeShape(shape);
  }
}
