import { type JsonValue, quote } from "../../base/index.js";
import { findReferences } from "../references.js";

/** The fields of a JSON object. */
export type JsonFields = Readonly<Record<string, JsonValue>>;

/** What models call the fields of a step, the public name first. */
export const STEP_FIELD_NAMES = {
  id: ["id", "label", "step_id", "stepId", "task_id", "plan_id"],
  description: ["description", "task", "title", "instruction", "objective", "action", "name"],
  tool: ["tool", "tool_name", "toolName", "function"],
  toolOrDescription: ["action", "name"],
  args: [
    "args",
    "arguments",
    "parameters",
    "params",
    "tool_input",
    "toolInput",
    "action_input",
    "input",
    "inputs",
  ],
  dependsOn: ["dependsOn", "depends_on", "dependencies", "deps", "dep", "after", "prerequisites"],
  forEach: ["forEach", "for_each", "foreach"],
  if: ["if", "condition"],
  expect: ["expect", "expected_output", "expectedOutput"],
  pitfalls: ["pitfalls"],
} as const;

const TELLING = new Set<string>([
  ...STEP_FIELD_NAMES.tool,
  ...STEP_FIELD_NAMES.args,
  ...STEP_FIELD_NAMES.dependsOn,
  "description",
  "task",
  "step",
]);

/** A JSON value as an object's fields; undefined when it is no object. */
export function toFields(value: JsonValue | undefined): JsonFields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}

/** The first of some fields that is there; null counts as left out, since strict modes write it. */
export function firstField(fields: JsonFields, names: readonly string[]): JsonValue | undefined {
  const name = names.find((candidate) => Object.hasOwn(fields, candidate) && fields[candidate] !== null);
  return name === undefined ? undefined : fields[name];
}

/** Whether a value has a field that hardly anything but a step of a plan has, or a call under a tool's name. */
export function looksLikeStep(value: JsonValue, isTool: (name: string) => boolean): boolean {
  const entries = Object.entries(toFields(value) ?? {});
  return entries.some(([key, entry]) => TELLING.has(key) || (isTool(key) && toFields(entry) !== undefined));
}

/** Whether a value is a way of models to say that there is nothing. */
export function saysNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) {
    return true;
  }
  return typeof value === "string" && ["", "none", "null", "n/a"].includes(value.trim().toLowerCase());
}

const MAX_DESCRIPTION_LENGTH = 80;

/** What a step that says nothing of itself does: its call. */
export function describeCall(tool: JsonValue | undefined, args: JsonValue | undefined): string | undefined {
  if (typeof tool !== "string") {
    return undefined;
  }
  const shown = Object.entries(toFields(args) ?? {}).map(([name, value]) => `${name}: ${showValue(value)}`);
  const call = shown.length === 0 ? tool : `${tool}(${shown.join(", ")})`;
  const text = call.length > MAX_DESCRIPTION_LENGTH ? `${call.slice(0, MAX_DESCRIPTION_LENGTH - 1)}…` : call;
  // Quoting and cutting may spoil a reference: a description must not refer to what its arguments do not.
  const meant = new Set(findReferences(args));
  return findReferences(text).every((expression) => meant.has(expression)) ? text : tool;
}

function showValue(value: JsonValue): string {
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

// The wire form: a step has its call under the tool's own name, `{"convert":{"amount":5,"to":"EUR"}}`, and the value
// alone where the tool has one argument, `{"web_search":"…"}`. A tool may be called like a field of a step. Such a key
// is taken for the call only where no other field names the tool, and where its value is an object, which no field but
// a call's own has, or the step says nothing else that could be done.

/** What is known of the tools while steps are read. */
export interface KnownTools {
  has(name: string): boolean;
  /** The argument that a value alone stands for. */
  soleArgument(name: string): string | undefined;
}

/** A call that stands under its tool's name, and what the step has beside it. */
export interface KeyedCall {
  readonly tool: JsonValue;
  /** Undefined where there is nothing under the name: a model makes the arguments. */
  readonly args?: JsonValue;
  readonly others: JsonFields;
}

const FIELD_NAMES = new Set<string>(["step", ...Object.values(STEP_FIELD_NAMES).flat()]);

/** The call under the name of a tool that is called like no field. */
export function findKeyedCall(fields: JsonFields, tools: KnownTools): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => tools.has(name) && !FIELD_NAMES.has(name));
  const filled = named.filter((name) => fields[name] !== null);
  return toCall(fields, filled.length > 0 ? filled : named);
}

/** The call under the name of a tool that is called like a field. */
export function findFieldLikeCall(fields: JsonFields, tools: KnownTools): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => FIELD_NAMES.has(name) && tools.has(name));
  const filled = named.filter((name) => isCallValue(fields[name], tools));
  return toCall(
    fields,
    filled.length > 0 ? filled : named.filter((name) => isAllThatIsDone(name, fields, tools)),
  );
}

/** Whether a value is a step that is nothing but a tool's name and the one argument of it. */
export function isShortCall(value: JsonValue, tools: KnownTools): boolean {
  const entries = Object.entries(toFields(value) ?? {});
  return entries.some(([name, entry]) => tools.soleArgument(name) !== undefined && entry !== null);
}

/** The call under a name that is neither a tool's nor a field's, for the check to say that there is no such tool. */
export function findUnknownCall(
  fields: JsonFields,
  isArgs: (value: JsonValue | undefined) => boolean = (value) => toFields(value) !== undefined,
): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => !FIELD_NAMES.has(name) && isArgs(fields[name]));
  return named.length === 1 ? toCall(fields, named) : undefined;
}

/** Whether a tool's name that is a field's too is all that a step says of what is to be done. */
function isAllThatIsDone(name: string, fields: JsonFields, tools: KnownTools): boolean {
  const { description, args, tool } = STEP_FIELD_NAMES;
  const telling = ["step", ...description, ...args, ...tool].filter((one) => one !== name);
  const isFilled = fields[name] !== null && tools.soleArgument(name) !== undefined;
  return isFilled && name !== "description" && firstField(fields, telling) === undefined;
}

/** Whether a value under a field's name is a call's arguments: no object that names a tool, `{"name":"add",…}`. */
function isCallValue(value: JsonValue | undefined, tools: KnownTools): boolean {
  const args = toFields(value);
  return args !== undefined && !(typeof args.name === "string" && tools.has(args.name));
}

/** Two calls in one step are no call: what stands there is kept, for the check to complain about. */
function toCall(fields: JsonFields, names: readonly string[]): KeyedCall | undefined {
  const [tool] = names;
  if (tool === undefined) {
    return undefined;
  }
  const keyed = new Set(names);
  const entries = Object.entries(fields);
  const others = Object.fromEntries(entries.filter(([name]) => !keyed.has(name)));
  if (names.length > 1) {
    return { tool: Object.fromEntries(entries.filter(([name]) => keyed.has(name))), others };
  }
  return { tool, args: fields[tool] ?? undefined, others };
}
