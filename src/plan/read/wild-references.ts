// Models write references in the style of whatever they were trained on. We turn these into our own only if they name a
// step, because `$5` may as well be a price.
import { type JsonValue, mapTexts } from "../../base/index.js";
import { ITEM_VARIABLES, loneExpression, splitReference } from "../references.js";

/** Says which step a foreign reference means, and gives the reference in our grammar; undefined if it names no step. */
export type ReferenceResolver = (token: string) => ResolvedReference | undefined;

/** Gets each text that looks like a foreign reference but names no step. */
export type UnresolvedSink = (text: string) => void;

/** A step's id, and an expression in our grammar that begins with it. */
export interface ResolvedReference {
  readonly id: string;
  readonly expression: string;
}

const LONE_PATTERN = /^\s*\$([^\s${}]{1,200})\s*$/;
const NODE_PATTERN = /^<node[-_ ]?(\d{1,6})([^>]*)>$/i;
const PREFIX_PATTERN = /^[$#<\s]*(?:(?:step|task|node|var|e)[-_ #]*(?=\d))?/i;
const WILD_FORMS = [
  /\\?\{\{([^{}]*)\}\}/,
  /\$\{([^{}$]{1,200})\}/,
  /(<(?:node|step|task)[-_ ]?\d{1,6}(?:[.[][^<>{}]{0,200})?>)/,
  /(?<!\w)(#E\d{1,6}(?:\.\w{1,64}|\[\d{1,6}\]){0,10})(?!\w)/,
  /\$(\w[^${}\n]{0,199})\$/,
];
const WILD_PATTERN = new RegExp(WILD_FORMS.map((form) => form.source).join("|"), "gi");

/**
 * Creates the resolver for a plan. It knows steps by their id, by their id behind a prefix such as `step_1`, and by
 * their place: `<node-0>` is the first step. References may also name earlier steps, by `pastIds`.
 */
export function createReferenceResolver(
  ids: readonly string[],
  pastIds: readonly string[] = [],
): ReferenceResolver {
  const known = new Set([...ids, ...pastIds]);
  const read = (expression: string): ResolvedReference | undefined => {
    const id = splitReference(expression, known)?.id;
    return id === undefined ? undefined : { id, expression };
  };
  return (token) => {
    const text = token.trim();
    const node = NODE_PATTERN.exec(text);
    const byPlace = node === null ? undefined : ids[Number(node[1])];
    return (
      read(text) ??
      read(text.replace(/^[<#$]|>$/g, "")) ??
      (node === null || byPlace === undefined ? undefined : read(`${byPlace}${node[2]}`)) ??
      read(text.replace(/>$/, "").replace(PREFIX_PATTERN, ""))
    );
  };
}

/**
 * Finds the id of the step that a text names, in any style. Plain text must be exactly an id: `1.2` may be meant as a
 * step, so it is not taken for a part of step 1.
 */
export function toStepId(text: string, resolve: ReferenceResolver): string | undefined {
  const resolved = resolve(loneExpression(text) ?? text);
  const isPlain = /^\w/.test(text.trim());
  return isPlain && resolved?.id !== resolved?.expression ? undefined : resolved?.id;
}

/** Turns the foreign references in all strings of a value into ours. */
export function toOwnReferences(
  value: JsonValue,
  resolve: ReferenceResolver,
  onUnresolved: UnresolvedSink,
): JsonValue {
  return mapTexts(value, (text) => rewriteText(text, resolve, onUnresolved));
}

/** Does so in a text that may also be one reference without braces: `3.items` becomes `{{3.items}}`. */
export function toLoneReference(
  text: string,
  resolve: ReferenceResolver,
  onUnresolved: UnresolvedSink,
): string {
  const own = rewriteText(text, resolve, onUnresolved);
  if (loneExpression(own) !== undefined) {
    return own;
  }
  const resolved = isItemVariable(text.trim()) ? text.trim() : resolve(text)?.expression;
  return resolved === undefined ? own : `{{${resolved}}}`;
}

function rewriteText(text: string, resolve: ReferenceResolver, onUnresolved: UnresolvedSink): string {
  const lone = LONE_PATTERN.exec(text)?.[1];
  const resolved = lone === undefined ? undefined : resolve(lone);
  if (resolved !== undefined) {
    return `{{${resolved.expression}}}`;
  }
  return text.replace(WILD_PATTERN, (whole, braced?: string, ...others: (string | undefined)[]) => {
    if (whole.startsWith("\\") || (braced !== undefined && isItemVariable(braced.trim()))) {
      return whole;
    }
    const token = braced ?? others.slice(0, WILD_FORMS.length - 1).find((other) => other !== undefined);
    const expression = token === undefined ? undefined : resolve(token)?.expression;
    if (expression === undefined && braced === undefined && !mayBeProse(whole)) {
      onUnresolved(whole);
    }
    if (expression === undefined || expression === braced?.trim()) {
      return whole;
    }
    return `{{${expression}}}`;
  });
}

/** Whether text between dollar signs is more likely part of a sentence: "costs $5 and $6". */
function mayBeProse(text: string): boolean {
  return text.startsWith("$") && !/^\$\{?\w+(?:[.[].*)?[$}]$/.test(text);
}

/** Whether an expression is the item or the index of a for-each step, or a part of it. */
export function isItemVariable(expression: string): boolean {
  return splitReference(expression, ITEM_VARIABLES) !== undefined;
}
