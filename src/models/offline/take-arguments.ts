import type { JsonValue } from "../../base/index.js";
import { escapeReferences } from "../../plan/index.js";
import { Cursor } from "./cursor.js";
import { takeManyReferences, takeOneReference, theLast } from "./link-parts.js";
import type { PlanDraft } from "./plan-draft.js";
import type { Token } from "./tokens.js";
import type { ToolCard } from "./tool-card.js";
import { ASKS, LEADS, smallNumber } from "./words.js";

interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly values: readonly unknown[];
}

const GLUE = new Set(
  `${[...ASKS, ...LEADS].join(" ")} the a an of in for to from with by at on about as and or is are be it that this , : - my your its using use then's 's tool via what like me call run let i you do does want into titled saying there say`.split(
    /\s+/,
  ),
);
/** Parameters that take a whole text, "and" and all. */
const FREE_TEXT =
  /query|question|text|message|body|content|prompt|input|search|topic|description|note|title|subject|task|term|keyword|expression/i;
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  body: ["saying", "that says", "with the message", "with the text", "message", "text", "content"],
  message: ["saying", "that says", "with the text", "text"],
  content: ["saying", "that says", "with the text", "text"],
  text: ["saying", "that says"],
  subject: ["titled", "about", "subject line"],
  title: ["titled", "called", "named"],
  name: ["called", "named"],
};

/** A tool's parameters, the required ones first. */
export function parametersOf(card: ToolCard): readonly Parameter[] {
  const required = card.parameters.required ?? [];
  const all = Object.entries(card.parameters.properties ?? {}).map(([name, schema]) => ({
    name,
    type: typeof schema.type === "string" ? schema.type : "string",
    required: required.includes(name),
    values: schema.enum ?? [],
  }));
  return all.toSorted((a, b) => Number(b.required) - Number(a.required));
}

/**
 * The arguments of a tool, out of words: one set of them, or several where values stand side by side ("Paris and Rome").
 * Undefined where a required one is missing or a word is left over; `known` are the words that the tool's own name and description explain.
 */
export function takeArguments(
  card: ToolCard,
  tokens: readonly Token[],
  source: string,
  draft: PlanDraft,
  known: ReadonlySet<string>,
): readonly Record<string, JsonValue>[] | undefined {
  const used = new Set<number>();
  const args: Record<string, JsonValue> = {};
  const parameters = parametersOf(card);
  for (const parameter of parameters) {
    takeNamed(parameter, parameters, tokens, source, used, args, draft);
  }
  for (const parameter of parameters) {
    if (!(parameter.name in args)) {
      takeByForm(parameter, tokens, used, args);
    }
  }
  const references = takeReferences(tokens, source, draft, used);
  for (const parameter of parameters) {
    if (parameter.name in args || !parameter.required) {
      continue;
    }
    const reference = references.shift();
    if (reference !== undefined && fits(parameter, reference.isNumber)) {
      args[parameter.name] = reference.text;
    } else if (reference !== undefined) {
      references.unshift(reference);
    }
  }
  if (references.length > 0) {
    return undefined;
  }
  const missing = parameters.filter((parameter) => parameter.required && !(parameter.name in args));
  const left = tokens
    .map((token, index) => ({ token, index }))
    .filter(({ token, index }) => !used.has(index) && !isGlue(token, known));
  const target =
    missing.find(({ type }) => type === "string") ??
    (missing.length === 0
      ? parameters.find(({ name, type }) => type === "string" && !(name in args))
      : undefined);
  if (left.length === 0) {
    return missing.length === 0 ? [args] : withLast(missing, args, draft, parameters);
  }
  if (target === undefined || missing.length > 1) {
    return undefined;
  }
  return withRest(target, left, tokens, source, args);
}

function fits(parameter: Parameter, isNumber: boolean): boolean {
  return isNumber || (parameter.type !== "number" && parameter.type !== "integer");
}

/** "subject 'Hi'", "city: Paris", "amount of 5". */
function takeNamed(
  parameter: Parameter,
  all: readonly Parameter[],
  tokens: readonly Token[],
  source: string,
  used: Set<number>,
  args: Record<string, JsonValue>,
  draft: PlanDraft,
): void {
  const names = [parameter.name.toLowerCase().replace(/_/g, " "), ...(SYNONYMS[parameter.name] ?? [])].filter(
    (name) => name !== "to" && name !== "from",
  );
  for (let at = 0; at < tokens.length; at += 1) {
    const cursor = new Cursor(tokens, source, at);
    if (used.has(at) || cursor.take(...names) === undefined) {
      continue;
    }
    cursor.take("is", "=", ":", "of", "set to", "as", "to");
    const from = cursor.at;
    const reference = takeOneReference(cursor, draft);
    const value = reference === undefined ? takeOne(parameter, all, cursor) : reference.text;
    if (value === undefined) {
      continue;
    }
    args[parameter.name] = value;
    for (let index = at; index < Math.max(cursor.at, from); index += 1) {
      used.add(index);
    }
    return;
  }
}

function takeOne(parameter: Parameter, all: readonly Parameter[], cursor: Cursor): JsonValue | undefined {
  const token = cursor.peek();
  if (token === undefined) {
    return undefined;
  }
  if (parameter.type === "number" || parameter.type === "integer") {
    const number = numberOf(token);
    if (number !== undefined) {
      cursor.at += 1;
    }
    return number;
  }
  if (token.kind !== "word") {
    if (token.kind === "symbol" || token.kind === "item") {
      return undefined;
    }
    cursor.at += 1;
    return escapeReferences(token.text);
  }
  const from = cursor.at;
  const ends = new Set(["and", ",", "with", ...all.map(({ name }) => name)]);
  while (!cursor.done && !ends.has(cursor.word())) {
    cursor.at += 1;
  }
  return cursor.at > from ? escapeReferences(cursor.rawBetween(from, cursor.at)) : undefined;
}

/** An e-mail address for "to", a URL for "url", numbers in order for numbers, a word of an enum, a quoted text. */
function takeByForm(
  parameter: Parameter,
  tokens: readonly Token[],
  used: Set<number>,
  args: Record<string, JsonValue>,
): void {
  const index = tokens.findIndex((token, at) => !used.has(at) && hasForm(parameter, token));
  const token = tokens[index];
  if (token === undefined) {
    return;
  }
  used.add(index);
  args[parameter.name] = argumentOf(parameter, token);
}

function hasForm({ name, type, values }: Parameter, token: Token): boolean {
  if (values.length > 0) {
    return values.some((value) => String(value).toLowerCase() === token.text.toLowerCase());
  }
  if (type === "number" || type === "integer") {
    return numberOf(token) !== undefined;
  }
  if (type === "boolean") {
    return token.text === "true" || token.text === "false";
  }
  if (type !== "string") {
    return false;
  }
  if (/^(?:to|e?mail|recipient|address)/i.test(name)) {
    return token.kind === "email";
  }
  if (/url|uri|link|site|page/i.test(name)) {
    return token.kind === "url";
  }
  if (/path|file/i.test(name)) {
    return token.kind === "path";
  }
  if (/date|day|when/i.test(name)) {
    return token.kind === "date" || ["today", "tomorrow", "yesterday"].includes(token.text);
  }
  return token.kind === "quote";
}

function argumentOf({ type, values }: Parameter, token: Token): JsonValue {
  const named = values.find((value) => String(value).toLowerCase() === token.text.toLowerCase());
  if (typeof named === "string" || typeof named === "number") {
    return named;
  }
  if (type === "boolean") {
    return token.text === "true";
  }
  return type === "number" || type === "integer" ? (numberOf(token) ?? 0) : escapeReferences(token.text);
}

function numberOf(token: Token): number | undefined {
  if (token.kind === "number") {
    return Number(token.text);
  }
  return token.kind === "word" && token.text !== "one" ? smallNumber(token.text) : undefined;
}

interface Referred {
  readonly text: string;
  readonly isNumber: boolean;
}

function takeReferences(
  tokens: readonly Token[],
  source: string,
  draft: PlanDraft,
  used: Set<number>,
): Referred[] {
  const found: Referred[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    if (used.has(at)) {
      continue;
    }
    const cursor = new Cursor(tokens, source, at);
    const many =
      takeManyReferences(cursor, draft) ??
      [takeOneReference(cursor, draft)].filter((value) => value !== undefined);
    if (many.length === 0) {
      continue;
    }
    found.push(...many.map((value) => ({ text: value.text, isNumber: value.kind === "number" })));
    for (; at < cursor.at; at += 1) {
      used.add(at);
    }
    at -= 1;
  }
  return found;
}

/** "multiply by 5": the one number that is missing is the last result, and stands first. */
function withLast(
  missing: readonly Parameter[],
  args: Record<string, JsonValue>,
  draft: PlanDraft,
  all: readonly Parameter[],
): readonly Record<string, JsonValue>[] | undefined {
  const last = theLast(draft);
  const numbers = all.filter(({ type }) => type === "number" || type === "integer");
  const [first, second] = numbers;
  if (missing.length !== 1 || last === undefined) {
    return undefined;
  }
  if (numbers.length === 2 && first !== undefined && second !== undefined && missing[0] === second) {
    return [{ ...args, [first.name]: last.text, [second.name]: args[first.name] ?? null }];
  }
  return numbers.length === 0 || missing[0] === undefined
    ? undefined
    : [{ ...args, [missing[0].name]: last.text }];
}

/** What is left over is the one text that is missing; side by side it is several calls, unless it is free text. */
function withRest(
  target: Parameter,
  left: readonly { readonly token: Token; readonly index: number }[],
  tokens: readonly Token[],
  source: string,
  args: Record<string, JsonValue>,
): readonly Record<string, JsonValue>[] | undefined {
  const first = left[0]?.index ?? 0;
  const last = left.at(-1)?.index ?? 0;
  const cursor = new Cursor(tokens, source);
  if (FREE_TEXT.test(target.name)) {
    return [{ ...args, [target.name]: escapeReferences(cursor.rawBetween(first, last + 1)) }];
  }
  const parts: string[] = [];
  let from = first;
  for (let at = first; at <= last + 1; at += 1) {
    const isJoint = at > last || ["and", ","].includes(new Cursor(tokens, source, at).word());
    if (!isJoint) {
      continue;
    }
    while (
      from < at &&
      ["in", "for", "of", "the", "and", ","].includes(new Cursor(tokens, source, from).word())
    ) {
      from += 1;
    }
    if (at > from) {
      parts.push(cursor.rawBetween(from, at));
    }
    from = at + 1;
  }
  if (parts.some((part) => part.split(" ").length > 3)) {
    return undefined;
  }
  return parts.map((part) => ({ ...args, [target.name]: escapeReferences(part) }));
}

function isGlue(token: Token, known: ReadonlySet<string>): boolean {
  if (token.kind !== "word" && token.kind !== "symbol") {
    return false;
  }
  return GLUE.has(token.text) || known.has(token.text);
}
