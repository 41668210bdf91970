import { copyJson, type JsonValue, quote, quoteAll, quoteValue } from "../../base/index.js";
import { parseStructure } from "../json-in-text.js";
import { soleArgument, type ToolArguments } from "../plan-tool.js";
import {
  isFieldName,
  type JsonFields,
  type KnownTools,
  OWN_FIELDS,
  STEP_FIELD_NAMES,
  saysNothing,
  toFields,
} from "./step-fields.js";

/** The tool of a step, and what was written as its arguments. */
export interface Call {
  readonly tool?: JsonValue;
  readonly args?: JsonValue;
}

/** The arguments of a step's call. */
interface ReadArgs {
  readonly args?: JsonValue;
  /** The other fields of the step: those that are no arguments. */
  readonly others: JsonFields;
  /** Why the arguments cannot be understood. */
  readonly problem?: string;
}

/**
 * Reads the arguments of a call. They may be an object, stand as fields beside the tool, or be one value that belongs to
 * the argument that is left. Nothing that was written is lost: what cannot be understood is a problem.
 */
export function readArgs({ tool, args }: Call, fields: JsonFields, tools: KnownTools): ReadArgs {
  const name = typeof tool === "string" ? tool : "";
  const known = tools.argumentsOf(name);
  const place = STEP_FIELD_NAMES.args.find((one) => fields[one] === args && args !== undefined);
  const besides = Object.entries(fields).filter(
    ([key, value]) =>
      key !== place && value !== null && value !== name && isArgument(key, name, toFields(args), tools),
  );
  const beside = Object.fromEntries(besides);
  const others = Object.fromEntries(Object.entries(fields).filter(([key]) => !Object.hasOwn(beside, key)));
  const isPlaceNamed = place !== undefined && known?.names.includes(place) === true;
  const sole = isPlaceNamed ? place : known && soleArgument(known, Object.keys(beside));
  const named = toFields(args) ?? readObject(args, sole);
  if (named !== undefined) {
    return { args: { ...beside, ...named }, others };
  }
  if (saysNothing(args) || isNeedlessList(args, known)) {
    return { args: besides.length > 0 ? beside : withoutArgs(args, others, known), others };
  }
  if (sole !== undefined) {
    return { args: { [sole]: args ?? null, ...beside }, others };
  }
  if (known !== undefined) {
    return { others, problem: sayWhatItTakes(name, known, args) };
  }
  return { args: { input: args ?? null, ...beside }, others };
}

/** Whether a field beside a tool is an argument of it. Names that are fields too are not, if there are named arguments. */
function isArgument(key: string, tool: string, named: JsonFields | undefined, tools: KnownTools): boolean {
  if (!tools.has(tool) || OWN_FIELDS.has(key)) {
    return false;
  }
  const known = tools.argumentsOf(tool);
  const isOurs = isFieldName(key);
  return known === undefined
    ? !isOurs && named === undefined
    : known.names.includes(key) && !(isOurs && named !== undefined);
}

/** Reads a text that is an object of arguments. A text for the sole argument may be JSON of something else. */
function readObject(args: JsonValue | undefined, sole: string | undefined): JsonFields | undefined {
  const copy = copyJson(typeof args === "string" ? parseStructure(args) : undefined);
  const parsed = copy.ok ? toFields(copy.value) : undefined;
  return parsed !== undefined && (sole === undefined || Object.hasOwn(parsed, sole)) ? parsed : undefined;
}

function isNeedlessList(args: JsonValue | undefined, known: ToolArguments | undefined): boolean {
  return Array.isArray(args) && args.length === 0 && known?.required.length === 0;
}

/**
 * What stands for no arguments: a call without any, if the tool needs none and the step says nothing more. Otherwise a
 * model makes them.
 */
function withoutArgs(
  args: JsonValue | undefined,
  others: JsonFields,
  known: ToolArguments | undefined,
): JsonValue | undefined {
  const hasWords = STEP_FIELD_NAMES.description.some((name) => !saysNothing(others[name]));
  return args !== undefined && !hasWords && known?.required.length === 0 ? {} : undefined;
}

function sayWhatItTakes(tool: string, { names }: ToolArguments, args: JsonValue | undefined): string {
  const written = quoteValue(args);
  if (names.length === 0) {
    return `${quote(tool)} takes no arguments, and ${written} was written. Write ${toCallText(tool, [])}.`;
  }
  return `${quote(tool)} takes ${quoteAll(names)}, and which of them ${written} is, is not said. Write ${toCallText(tool, names)}.`;
}

/** Shows how a call is written, its arguments left open. */
function toCallText(tool: string, names: readonly string[]): string {
  return `{${quote(tool)}:{${names.map((name) => `${quote(name)}:…`).join(",")}}}`;
}
