// Models that were not trained on a server's own form of calls write them as text:
//
//   {"name": "get_weather", "arguments": {"city": "Oslo"}}          bare, in a list, or several one after the other
//   ```json … ```   <tool_call> … </tool_call>                      the same inside fences or tags
//   {{"name": "get_weather", "arguments": {{"city": "Oslo"}}}}      braces doubled, as in the model's own template
//   <function=get_weather><parameter=city>Oslo</parameter></function>
//
// A text is taken for calls only if it is nothing else but a short lead-in, and if every call names a known tool. So an
// answer that shows JSON, or speaks of a call, stays an answer.
import { copyJson, type JsonValue, parseJson } from "../../base/index.js";
import { findEnd, parseStructure } from "../json-in-text.js";
import { firstField, isRemark, type JsonFields, STEP_FIELD_NAMES, toFields } from "./step-fields.js";

/** A call that a model wrote as text. */
export interface WrittenCall {
  readonly name: string;
  readonly args: JsonFields;
}

/** The calls of a text, and the words before them. */
export interface WrittenCalls {
  readonly lead: string;
  readonly calls: readonly WrittenCall[];
}

type IsTool = (name: string) => boolean;

/** How many characters may come before the first call. */
const MAX_LEAD = 200;
const BEGIN = /<(?:tool_calls?|function_calls?)>|<function=|```|[{[]/i;
/** What may stand around calls. */
const WRAPPER = /\s+|<\/?(?:tool_calls?|function_calls?)>|```\w*|[,;]/iy;
const FUNCTION = /<function=([\w.-]{1,128})>(.*?)(?:<\/function>|$)/isy;
const PARAMETER = /<parameter=([\w.-]{1,128})>(.*)$/is;

const NAME_FIELDS: readonly string[] = [...STEP_FIELD_NAMES.tool, ...STEP_FIELD_NAMES.toolOrDescription];
const CALL_FIELDS = new Set<string>([...NAME_FIELDS, ...STEP_FIELD_NAMES.args, "id"]);

/** Reads a text that is calls of known tools; undefined if it is anything else. */
export function readCallsInText(text: string, isTool: IsTool): WrittenCalls | undefined {
  const start = text.search(BEGIN);
  if (start < 0 || start > MAX_LEAD) {
    return undefined;
  }
  const calls: WrittenCall[] = [];
  for (let at = start; at < text.length; ) {
    const skipped = matchAt(WRAPPER, text, at)?.[0].length ?? 0;
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const piece = readFunction(text, at) ?? readJson(text, at);
    const read = piece && toCalls(piece.value, isTool);
    if (piece === undefined || read === undefined) {
      return undefined;
    }
    calls.push(...read);
    at = piece.end;
  }
  return calls.length === 0 ? undefined : { lead: text.slice(0, start).trim(), calls };
}

const CERTAIN_BEGIN = /^\s*(?:```\w*\s*)?(?:<(?:tool_call|function)|\{\s*["{]|\[\s*[{])/i;
const POSSIBLE_BEGIN = /^\s*(?:`{1,2}|```\w*\s*)?(?:<[a-z_]{0,16}|[[{]\s*)?$/i;

/** Whether a text that is still being written begins as calls or as a plan do. */
export function mayBecomeCalls(text: string): boolean {
  return CERTAIN_BEGIN.test(text) || POSSIBLE_BEGIN.test(text);
}

interface Piece {
  readonly value: JsonValue;
  readonly end: number;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Reads `<function=name>` with its parameters, or with an object of them. */
function readFunction(text: string, at: number): Piece | undefined {
  const found = matchAt(FUNCTION, text, at);
  if (found === null) {
    return undefined;
  }
  const [whole, name = "", body = ""] = found;
  const named = body.split(/<\/parameter>/i).flatMap((part) => {
    const [, key, value = ""] = PARAMETER.exec(part) ?? [];
    return key === undefined ? [] : [[key, readValue(value)]];
  });
  const args = toJson(parseStructure(body)) ?? Object.fromEntries(named);
  return { value: { name, args }, end: at + whole.length };
}

/** A parameter's value: JSON if it is that, and otherwise a text. */
function readValue(written: string): JsonValue {
  const text = written.trim();
  return toJson(parseJson(text)) ?? text;
}

function readJson(text: string, at: number): Piece | undefined {
  const end = /[{[]/.test(text.charAt(at)) ? findEnd(text, at) : undefined;
  if (end === undefined) {
    return undefined;
  }
  const written = text.slice(at, end);
  const forms = written.includes("{{")
    ? [written, written.slice(1, -1), written.replaceAll("{{", "{").replaceAll("}}", "}")]
    : [written];
  const value = forms.map((form) => toJson(parseStructure(form))).find((one) => one !== undefined);
  return value === undefined ? undefined : { value, end };
}

function toJson(value: unknown): JsonValue | undefined {
  const copy = copyJson(value);
  return copy.ok ? (copy.value ?? undefined) : undefined;
}

function toCalls(value: JsonValue, isTool: IsTool): WrittenCall[] | undefined {
  if (!Array.isArray(value)) {
    const call = toCall(value, isTool);
    return call && [call];
  }
  const calls = value.flatMap((one) => toCall(one, isTool) ?? []);
  return calls.length === value.length ? calls : undefined;
}

function toCall(value: JsonValue, isTool: IsTool): WrittenCall | undefined {
  const fields = toFields(value);
  // OpenAI's own form: { type: "function", function: { name, arguments } }.
  const inner = toFields(fields?.function);
  if (inner !== undefined) {
    return toCall(inner, isTool);
  }
  if (fields === undefined || !Object.keys(fields).every((key) => CALL_FIELDS.has(key) || isRemark(key))) {
    return undefined;
  }
  const name = firstField(fields, NAME_FIELDS);
  const written = firstField(fields, STEP_FIELD_NAMES.args);
  const args = toFields(typeof written === "string" ? toJson(parseStructure(written)) : written);
  return typeof name === "string" && isTool(name) && args !== undefined ? { name, args } : undefined;
}
