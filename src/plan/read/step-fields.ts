import { type JsonValue, quote } from "../../base/index.js";
import { soleArgument, type ToolArguments } from "../plan-tool.js";
import { findReferences } from "../references.js";

/** The fields of a JSON object. */
export type JsonFields = Readonly<Record<string, JsonValue>>;

/** The names that models give to the fields of a step, the public name first. */
export const STEP_FIELD_NAMES = {
  id: ["id", "label", "step_id", "stepId", "task_id", "plan_id"],
  description: ["description", "task", "title", "instruction", "objective", "action", "name", "agent"],
  tool: ["tool", "tool_name", "toolName", "function"],
  tools: ["tools"],
  worker: ["worker"],
  model: ["model"],
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

/** The public names of a step's fields. */
export const OWN_FIELDS: ReadonlySet<string> = new Set(
  Object.keys(STEP_FIELD_NAMES).filter((name) => name !== "toolOrDescription"),
);

/** Fields in which models say why they do something, or count. Leaving them out loses nothing. */
const REMARKS = new Set([
  "thought",
  "thoughts",
  "reasoning",
  "reason",
  "rationale",
  "why",
  "explanation",
  "purpose",
  "comment",
  "type",
  "status",
  "priority",
  "number",
  "order",
  "metadata",
]);

/** Marks and blanks that small models write around a key: `"description "`, `"tool**: "`. */
const KEY_EDGES = /^[\s*:`"']+|[\s*:`"']+$/g;
const MAX_KEY_LENGTH = 100;

/** Whether a field only says why something is done, or counts. */
export function isRemark(name: string): boolean {
  return REMARKS.has(name);
}

function cleanKey(key: string): string {
  return key.length > MAX_KEY_LENGTH ? key : key.replace(KEY_EDGES, "");
}

/** Returns the fields of a JSON object, the names without blanks around them; undefined if the value is not one. */
export function toFields(value: JsonValue | undefined): JsonFields | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const isTaken = (key: string, clean: string) =>
    clean === "" || (clean !== key && Object.hasOwn(value, clean));
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      const clean = cleanKey(key);
      return [isTaken(key, clean) ? key : clean, entry];
    }),
  );
}

/** Returns the first of these fields that is present. null counts as absent, because strict modes write it for that. */
export function firstField(fields: JsonFields, names: readonly string[]): JsonValue | undefined {
  const name = names.find((candidate) => Object.hasOwn(fields, candidate) && fields[candidate] !== null);
  return name === undefined ? undefined : fields[name];
}

/** Whether a value has a field that is typical of a step, or a call under a tool's name. */
export function looksLikeStep(value: JsonValue, isTool: (name: string) => boolean): boolean {
  const entries = Object.entries(toFields(value) ?? {});
  return entries.some(([key, entry]) => TELLING.has(key) || (isTool(key) && toFields(entry) !== undefined));
}

/** Whether a value is one of the ways in which models say "nothing". */
export function saysNothing(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null) {
    return true;
  }
  return typeof value === "string" && ["", "none", "null", "n/a"].includes(value.trim().toLowerCase());
}

const MAX_DESCRIPTION_LENGTH = 80;

/** Describes a step that has no description, by its call. */
export function describeCall(tool: JsonValue | undefined, args: JsonValue | undefined): string | undefined {
  if (typeof tool !== "string") {
    return undefined;
  }
  const shown = Object.entries(toFields(args) ?? {}).map(([name, value]) => `${name}: ${showValue(value)}`);
  const call = shown.length === 0 ? tool : `${tool}(${shown.join(", ")})`;
  const text = call.length > MAX_DESCRIPTION_LENGTH ? `${call.slice(0, MAX_DESCRIPTION_LENGTH - 1)}…` : call;
  // Quoting and cutting may spoil a reference. A description must not refer to anything that its arguments do not.
  const meant = new Set(findReferences(args));
  return findReferences(text).every((expression) => meant.has(expression)) ? text : tool;
}

function showValue(value: JsonValue): string {
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}

// In the wire form a step has its call under the tool's own name: `{"convert":{"amount":5,"to":"EUR"}}`, or just the
// value if the tool has one argument: `{"web_search":"…"}`. A tool may have the same name as a field of a step. Such a
// key is taken for a call only if no other field names the tool, and if its value is an object of arguments or the step
// says nothing else that could be done.

/** What reading a step has to know about the tools. */
export interface KnownTools {
  has(name: string): boolean;
  isWorker(name: string): boolean;
  /** The arguments of a tool; undefined if there is no such tool, or if it does not say. */
  argumentsOf(name: string): ToolArguments | undefined;
}

/** A call that is written under its tool's name, and the other fields of the step. */
export interface KeyedCall {
  readonly tool: string;
  readonly args: JsonValue | undefined;
  readonly others: JsonFields;
  /** The other tools whose calls are in the same step. */
  readonly rivals: readonly string[];
}

const FIELD_NAMES = new Set<string>(["step", ...Object.values(STEP_FIELD_NAMES).flat()]);

/** Whether a name is that of a field of a step, in any manner of writing. */
export function isFieldName(name: string): boolean {
  return FIELD_NAMES.has(name) || isRemark(name);
}

/** Finds the call of a tool whose name is not also a field's. */
export function findKeyedCall(fields: JsonFields, tools: KnownTools): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => tools.has(name) && !FIELD_NAMES.has(name));
  const filled = named.filter((name) => fields[name] !== null);
  return toCall(fields, filled.length > 0 ? filled : named);
}

/** Finds the call of a tool whose name is also a field's. */
export function findFieldLikeCall(fields: JsonFields, tools: KnownTools): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => FIELD_NAMES.has(name) && tools.has(name));
  const filled = named.filter((name) => isCallValue(fields[name], tools));
  return toCall(
    fields,
    filled.length > 0 ? filled : named.filter((name) => isAllThatIsDone(name, fields, tools)),
  );
}

/** Whether a value may be a step in its shortest form: the name of a tool, and a value under it. */
export function isShortCall(value: JsonValue, tools: KnownTools): boolean {
  const entries = Object.entries(toFields(value) ?? {});
  return entries.some(([name, entry]) => tools.has(name) && entry !== null);
}

/**
 * Finds the call under a name that is neither a tool's nor a field's, so that validation can say which tool is
 * missing.
 */
export function findUnknownCall(
  fields: JsonFields,
  isArgs: (value: JsonValue | undefined) => boolean = (value) => toFields(value) !== undefined,
): KeyedCall | undefined {
  const named = Object.keys(fields).filter((name) => !FIELD_NAMES.has(name) && isArgs(fields[name]));
  return named.length === 1 ? toCall(fields, named) : undefined;
}

/** Whether a field that is also a tool's name is all that a step says about what to do. */
function isAllThatIsDone(name: string, fields: JsonFields, tools: KnownTools): boolean {
  const { description, args, tool } = STEP_FIELD_NAMES;
  const telling = ["step", ...description, ...args, ...tool].filter((one) => one !== name);
  const known = tools.argumentsOf(name);
  const isFilled = fields[name] !== null && known !== undefined && soleArgument(known) !== undefined;
  return isFilled && name !== "description" && firstField(fields, telling) === undefined;
}

/** Whether a value under a field's name is arguments, rather than a call that names its tool: `{"name":"add",…}`. */
function isCallValue(value: JsonValue | undefined, tools: KnownTools): boolean {
  const args = toFields(value);
  return args !== undefined && !(typeof args.name === "string" && tools.has(args.name));
}

function toCall(fields: JsonFields, names: readonly string[]): KeyedCall | undefined {
  const [tool, ...rivals] = names;
  if (tool === undefined) {
    return undefined;
  }
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
  return { tool, args: fields[tool], others, rivals };
}
