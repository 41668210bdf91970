import { copyJson, type JsonValue, quote, quoteAll } from "../../base/index.js";
import { parseStructure } from "../json-in-text.js";
import { type Call, readArgs } from "./read-args.js";
import {
  describeCall,
  findFieldLikeCall,
  findKeyedCall,
  findUnknownCall,
  firstField,
  isFieldName,
  type JsonFields,
  type KeyedCall,
  type KnownTools,
  STEP_FIELD_NAMES,
  saysNothing,
  toFields,
} from "./step-fields.js";
import { type ReferenceResolver, toStepId } from "./wild-references.js";

/** A step in the public form, as far as it can be read without knowing the other steps. */
export type DraftStep = Record<string, JsonValue>;

/** A step, and what of it could not be understood, in sentences. */
export interface ReadStep {
  readonly draft: DraftStep;
  readonly problems: readonly string[];
}

const NUMBER_PREFIX_PATTERN = /^\s*(?:step\s*)?\d{1,4}\s*[.:)]\s+/i;

/** Reads one step as a model wrote it; undefined if it is neither an object nor a text. */
export function readStep(value: JsonValue, tools: KnownTools): ReadStep | undefined {
  if (typeof value === "string") {
    const parsed = toFields(parseJson(value));
    const description = value.replace(NUMBER_PREFIX_PATTERN, "").trim();
    return parsed === undefined ? { draft: { description }, problems: [] } : readStep(parsed, tools);
  }
  const fields = toFields(value);
  if (fields === undefined) {
    return undefined;
  }
  const keyed = findCall(fields, tools);
  if (keyed === undefined) {
    return readFields(fields, tools, readCall(fields));
  }
  const { tool, others, rivals } = keyed;
  if (rivals.length > 0) {
    const problem = `it calls ${quoteAll([tool, ...rivals])}. Make each call a step of its own.`;
    return { draft: readFields(others, tools, { tool }).draft, problems: [problem] };
  }
  const args = keyed.args ?? firstField(others, STEP_FIELD_NAMES.args) ?? keyed.args;
  return readFields(others, tools, { tool, args });
}

/** Finds the call that is written under its tool's name, if no field names a tool. */
function findCall(fields: JsonFields, tools: KnownTools): KeyedCall | undefined {
  const { tool, args } = readCall(fields);
  if (typeof tool === "string" && !saysNothing(tool)) {
    return undefined;
  }
  const keyed = findKeyedCall(fields, tools);
  if (keyed !== undefined || guessTool(fields, tools, args !== undefined) !== undefined) {
    return keyed;
  }
  const isDescribed = args !== undefined || readDescription(fields, undefined) !== undefined;
  const isAny = (value: JsonValue | undefined) => value !== null;
  return findFieldLikeCall(fields, tools) ?? (isDescribed ? undefined : findUnknownCall(fields, isAny));
}

function readFields(fields: JsonFields, tools: KnownTools, given: Call): ReadStep {
  const { worker, task, call } = readWorker(given, fields, tools);
  const guessed = call.tool === undefined ? guessTool(fields, tools, !saysNothing(call.args)) : undefined;
  const named = call.tool ?? guessed;
  const tool = typeof named === "string" && saysNothing(named) && !tools.has(named) ? undefined : named;
  const { args, others, problem } = readArgs({ tool, args: call.args }, fields, tools);
  const id = readId(firstField(others, STEP_FIELD_NAMES.id) ?? readStepAsId(others, guessed));
  const stated = readDescription(others, guessed) ?? task;
  const description =
    task === undefined || task === stated
      ? (stated ?? describeCall(tool, args))
      : `${String(stated)}\n${task}`;
  const draft = dropMissing({
    id,
    description,
    tool,
    tools: tool === undefined ? readToolNames(firstField(others, STEP_FIELD_NAMES.tools)) : undefined,
    worker,
    model: readModel(firstField(others, STEP_FIELD_NAMES.model)),
    args,
    dependsOn: firstField(others, STEP_FIELD_NAMES.dependsOn),
    forEach: readOptionalText(firstField(others, STEP_FIELD_NAMES.forEach)),
    if: readOptionalText(firstField(others, STEP_FIELD_NAMES.if)),
    expect: readOptionalText(firstField(others, STEP_FIELD_NAMES.expect)),
    pitfalls: readOptionalText(firstField(others, STEP_FIELD_NAMES.pitfalls)),
  });
  return {
    draft,
    problems: [...(problem === undefined ? [] : [problem]), ...findUnread(others, tool, tools)],
  };
}

/** Who does a step: a worker, and what it is to do if the description does not say it; or the call of a tool. */
interface WorkerOrCall {
  readonly worker?: JsonValue;
  readonly task?: string;
  readonly call: Call;
}

/** Reads which worker does a step. Some models call it as if it were a tool, with its task as the only argument. */
function readWorker(call: Call, fields: JsonFields, tools: KnownTools): WorkerOrCall {
  const { tool, args } = call;
  if (typeof tool === "string" && !tools.has(tool) && tools.isWorker(tool)) {
    const values = saysNothing(args) ? [] : Object.values(toFields(args) ?? { task: args });
    const [task] = values;
    if (values.length === 0 || (values.length === 1 && typeof task === "string")) {
      return { worker: tool, call: {}, ...(typeof task === "string" ? { task } : {}) };
    }
  }
  return { worker: readOptionalText(firstField(fields, STEP_FIELD_NAMES.worker)), call };
}

/** Finds the fields that would be lost. What a tool takes that is not there is not known, so nothing is said of it. */
function findUnread(fields: JsonFields, tool: JsonValue | undefined, tools: KnownTools): string[] {
  const isKnown = typeof tool === "string" && tools.has(tool);
  if (tool !== undefined && !isKnown) {
    return [];
  }
  const unread = Object.keys(fields).filter((name) => !isFieldName(name) && !saysNothing(fields[name]));
  const names = isKnown ? tools.argumentsOf(tool)?.names : undefined;
  return unread.map((name) => {
    if (!isKnown) {
      return `${quote(name)} is no field of a step. Say what it means in the words of the step, or leave it out.`;
    }
    const takes = names === undefined || names.length === 0 ? "" : ` It takes ${quoteAll(names)}.`;
    return `${quote(name)} is neither a field of a step nor an argument of ${quote(tool)}.${takes}`;
  });
}

/** Reads the tool and its arguments. Both may be in one object, as in a tool call: `{"function": {"name", …}}`. */
function readCall(fields: JsonFields): Call {
  const tool = firstField(fields, STEP_FIELD_NAMES.tool);
  const args = firstField(fields, STEP_FIELD_NAMES.args);
  const call = toFields(tool);
  if (call === undefined) {
    return { tool, args };
  }
  return { tool: firstField(call, ["name"]) ?? tool, args: args ?? firstField(call, STEP_FIELD_NAMES.args) };
}

/** Finds a tool that is named in a field that usually holds a description or a number. */
function guessTool(fields: JsonFields, tools: KnownTools, hasArgs: boolean): string | undefined {
  const hasDescription = typeof fields.description === "string" || typeof fields.task === "string";
  for (const name of ["step", ...STEP_FIELD_NAMES.toolOrDescription]) {
    const value = fields[name];
    if (typeof value !== "string" || isNumeric(value)) {
      continue;
    }
    if (tools.has(value) || (hasArgs && !hasDescription && !/\s/.test(value.trim()))) {
      return value;
    }
  }
  return undefined;
}

function readStepAsId(fields: JsonFields, guessed: string | undefined): JsonValue | undefined {
  const { step } = fields;
  if (typeof step === "number" || (typeof step === "string" && isNumeric(step))) {
    return step;
  }
  const isSpare = typeof step === "string" && step !== guessed && hasOwnDescription(fields);
  return isSpare ? step : undefined;
}

function readId(id: JsonValue | undefined): JsonValue | undefined {
  if (typeof id === "number") {
    return String(id);
  }
  if (typeof id !== "string") {
    return id;
  }
  return id.trim() === "" ? undefined : id.trim();
}

function hasOwnDescription(fields: JsonFields): boolean {
  return firstField(fields, STEP_FIELD_NAMES.description) !== undefined;
}

function readDescription(fields: JsonFields, guessed: string | undefined): JsonValue | undefined {
  const names = STEP_FIELD_NAMES.description.filter((name) => fields[name] !== guessed);
  const stated = firstField(fields, names);
  if (stated !== undefined && stated !== "") {
    return stated;
  }
  const { step } = fields;
  return typeof step === "string" && step !== guessed && !isNumeric(step) ? step : undefined;
}

/** Reads the names of an agent's tools: a list, one name, or a word for none. */
function readToolNames(names: JsonValue | undefined): JsonValue | undefined {
  if (typeof names !== "string") {
    return names;
  }
  return saysNothing(names) ? [] : names.split(",").map((name) => name.trim());
}

/** Reads which model is meant. There is only the strong one and the usual one, whatever names models know. */
function readModel(model: JsonValue | undefined): JsonValue | undefined {
  return typeof model === "string" && model.trim().toLowerCase() === "strong" ? "strong" : undefined;
}

function readOptionalText(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value === "number") {
    return String(value);
  }
  return saysNothing(value) ? undefined : value;
}

function parseJson(text: string): JsonValue | undefined {
  const copy = copyJson(parseStructure(text));
  return copy.ok && copy.value !== null ? copy.value : undefined;
}

function isNumeric(text: string): boolean {
  return /^\s*\d+(?:\.\d+)*\s*$/.test(text);
}

function dropMissing(fields: Readonly<Record<string, JsonValue | undefined>>): DraftStep {
  const present: DraftStep = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) {
      present[name] = value;
    }
  }
  return present;
}

const MAX_LISTED = 1000;

/**
 * Reads what a step depends on: a list, one id, ids between commas, or a word for nothing. Anything that names no step
 * stays as it was, so that validation finds it.
 */
export function readDependencies(value: JsonValue, resolve: ReferenceResolver): JsonValue {
  if (Array.isArray(value)) {
    return [...new Set(value.flatMap((item) => readOne(item, resolve)))];
  }
  if (typeof value !== "string") {
    return typeof value === "number" ? readOne(value, resolve) : value;
  }
  if (toStepId(value, resolve) !== undefined) {
    return readOne(value, resolve);
  }
  const parts = value.split(/,|\band\b/i, MAX_LISTED).map((part) => part.trim());
  const isList = parts.length > 1 && parts.every((part) => toStepId(part, resolve) !== undefined);
  return isList ? parts.flatMap((part) => readOne(part, resolve)) : readOne(value, resolve);
}

function readOne(value: JsonValue, resolve: ReferenceResolver): JsonValue[] {
  const fields = toFields(value);
  const item = fields === undefined ? value : (firstField(fields, [...STEP_FIELD_NAMES.id, "step"]) ?? value);
  // HuggingGPT's plans, and models that have seen them, write -1 for "none".
  if (item === -1 || item === "-1") {
    return [];
  }
  if (typeof item !== "number" && typeof item !== "string") {
    return saysNothing(item) ? [] : [item];
  }
  const text = String(item).trim();
  const id = toStepId(text, resolve);
  if (id !== undefined) {
    return [id];
  }
  return saysNothing(text) ? [] : [text];
}
