// Writes a step as one line that a person can read, approve and edit. It reads back as exactly that step:
//
//   [2] send_mail {"to":"{{1}}"} | if: "{{1.found}}" | expect: "a receipt" | description: "Tell them"
//   [3] web_search (a model writes its arguments) | description: "Find the price of what they bought"
//   [4] agent: "Say who was told" | dependsOn: ["2"]
//
// The step's id comes first and identifies the line. Then comes what runs, and the model's words come last.
// Everything that a model wrote is quoted, with line ends, quotes, lookalikes of quotes and invisible characters
// written out. So no text can end its line or pass for another part of it.
import { copyJson, type JsonValue, toQuoted, toVisibleName } from "../../base/index.js";
import { findEnd } from "../json-in-text.js";
import { type PlanStep, planStepSchema } from "../plan.js";
import { describeCall } from "./step-fields.js";

/** What a line means. A line without an id is a new step. Words are a task for an agent. */
export type StepLine =
  | { readonly kind: "step"; readonly id?: string; readonly step: Omit<PlanStep, "id"> }
  | { readonly kind: "words"; readonly id?: string; readonly words: string }
  | { readonly kind: "unreadable"; readonly reason: string };

const MADE_LATER = "(a model writes its arguments)";
const FIELDS = [
  "args",
  "tools",
  "worker",
  "model",
  "forEach",
  "if",
  "dependsOn",
  "expect",
  "pitfalls",
  "description",
] as const;

const BARE_PATTERN = /[\w.-]+/y;
const FIELD_PATTERN = `(${FIELDS.join("|")})\\s*:\\s*`;
const CLAUSE_PATTERN = new RegExp(`\\s*\\|\\s*${FIELD_PATTERN}`, "y");
/** Chat clients may put a list mark before a line, or code marks around it. */
const LIST_MARK_PATTERN = /^(?:\d+[.)]|[-*+])\s+/;
const CODE_PATTERN = /^`([^`]*)`$/;
/** Signs of a call, which plain words do not contain. References are removed before the test. */
const CALL_LIKE_PATTERN = new RegExp(
  `[{}]|(?:^|\\|)\\s*(?:agent\\s*:|${FIELD_PATTERN})|\\b(?:agent\\s*:\\s*|${FIELD_PATTERN})["[]`,
);
const REFERENCE_PATTERN = /\\?\{\{[^{}]*\}\}/g;

/** Writes a step as one line, without leaving anything out. */
export function writeStepLine({ id, tool, args, description, ...step }: PlanStep): string {
  const isAgent = tool === undefined;
  const call = args === undefined ? MADE_LATER : toQuoted(args);
  const clauses = {
    ...step,
    args: isAgent ? args : undefined,
    // If the description only repeats the call, reading the line makes it again.
    description: isAgent || description === describeCall(tool, args) ? undefined : description,
  };
  return [
    `[${toVisibleName(id)}] ${isAgent ? `agent: ${toQuoted(description)}` : `${toVisibleName(tool)} ${call}`}`,
    ...FIELDS.flatMap((field) => {
      const value = clauses[field];
      return value === undefined ? [] : [`${field}: ${toQuoted(value)}`];
    }),
  ].join(" | ");
}

/**
 * Reads a line as a person left it. A line that is neither a step in this form nor plain words is refused, because it
 * may have been meant as a call and must not become something else.
 */
export function readStepLine(line: string, isTool: (name: string) => boolean): StepLine {
  const text = line.trim().replace(LIST_MARK_PATTERN, "").replace(CODE_PATTERN, "$1");
  const identity = readIdentity(text);
  if (identity === undefined) {
    return { kind: "unreadable", reason: "its [id] cannot be read" };
  }
  const { id, end } = identity;
  const rest = text.slice(end).trim();
  const named = id === undefined ? {} : { id };
  const step = readParts(rest);
  if (step !== undefined) {
    return { kind: "step", ...named, step };
  }
  if (!/[\p{L}\p{N}]/u.test(rest)) {
    return { kind: "unreadable", reason: "it says nothing" };
  }
  if (!looksLikeCall(rest, isTool)) {
    return { kind: "words", ...named, words: rest.replaceAll(/\s+/g, " ") };
  }
  return { kind: "unreadable", reason: "it is neither a call as calls are written here nor words alone" };
}

function readIdentity(text: string): { readonly id?: string; readonly end: number } | undefined {
  if (!text.startsWith("[")) {
    return { end: 0 };
  }
  const name = readName(text, 1);
  return name === undefined || text[name.end] !== "]" ? undefined : { id: name.value, end: name.end + 1 };
}

/** Reads what runs, and the clauses behind it; undefined if any part has another form. */
function readParts(text: string): Omit<PlanStep, "id"> | undefined {
  const head = readHead(text);
  if (head === undefined) {
    return undefined;
  }
  const found = new Map<string, JsonValue>(Object.entries(head.parts));
  let { end } = head;
  while (end < text.length) {
    CLAUSE_PATTERN.lastIndex = end;
    const [clause, field = ""] = CLAUSE_PATTERN.exec(text) ?? [];
    const value = clause === undefined ? undefined : readJson(text, end + clause.length);
    if (value === undefined || found.has(field) || (field === "args" && found.has("tool"))) {
      return undefined;
    }
    found.set(field, value.value);
    end = value.end;
  }
  const description = found.get("description") ?? describeCall(found.get("tool"), found.get("args"));
  const step = planStepSchema.omit({ id: true }).safeParse({ ...Object.fromEntries(found), description });
  return step.success ? step.data : undefined;
}

function readHead(text: string): { readonly parts: Record<string, JsonValue>; end: number } | undefined {
  const [agent] = /^agent:\s*/.exec(text) ?? [];
  if (agent !== undefined) {
    const task = readJson(text, agent.length);
    return task === undefined ? undefined : { parts: { description: task.value }, end: task.end };
  }
  const name = readName(text, 0);
  if (name === undefined) {
    return undefined;
  }
  const start = name.end + (/^\s*/.exec(text.slice(name.end))?.[0].length ?? 0);
  const parts = { tool: name.value };
  if (text.startsWith(MADE_LATER, start)) {
    return { parts, end: start + MADE_LATER.length };
  }
  const args = text[start] === "{" ? readJson(text, start) : undefined;
  return args === undefined ? undefined : { parts: { ...parts, args: args.value }, end: args.end };
}

function readName(text: string, start: number): { readonly value: string; readonly end: number } | undefined {
  const name = readJson(text, start);
  if (typeof name?.value === "string") {
    return { value: name.value, end: name.end };
  }
  BARE_PATTERN.lastIndex = start;
  const [bare] = BARE_PATTERN.exec(text) ?? [];
  return bare === undefined ? undefined : { value: bare, end: start + bare.length };
}

/** Reads the JSON string, list or object that begins at `start`. */
function readJson(
  text: string,
  start: number,
): { readonly value: JsonValue; readonly end: number } | undefined {
  if (!/["[{]/.test(text[start] ?? "")) {
    return undefined;
  }
  const end = findEnd(text, start);
  if (end === undefined) {
    return undefined;
  }
  try {
    const copy = copyJson(JSON.parse(text.slice(start, end)));
    return copy.ok ? { value: copy.value, end } : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    return undefined;
  }
}

/** Whether a text has signs of a call, or begins with a tool's name in a way that plain words do not. */
function looksLikeCall(text: string, isTool: (name: string) => boolean): boolean {
  const words = text.replaceAll(REFERENCE_PATTERN, "");
  if (CALL_LIKE_PATTERN.test(words) || words.includes(MADE_LATER)) {
    return true;
  }
  const [, name = "", after = ""] = /^"?([\w.-]*\w)"?(.*)$/s.exec(words) ?? [];
  return isTool(name) && (/^\s*(?:$|[([:=|])/.test(after) || /[_.\d-]|[a-z][A-Z]/.test(name));
}
