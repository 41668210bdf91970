import { type JsonValue, parseJson } from "../base/index.js";
import type { PlanStep } from "./plan.js";

// The grammar of references. `{{id}}`, `{{id.key}}` and `{{id.list[0]["any key"]}}` are references. `\{{` is a
// literal `{{`. Everything else is plain text, unbalanced braces and `{{}}` too. To tell which part of a reference is
// the id, one must know the ids, because an id may contain dots itself (`1.1`).

/** A piece of a text: plain, or the inside of a reference. */
type TemplatePart = { kind: "text"; text: string } | { kind: "reference"; expression: string };

/** A reference in its parts: the step's id, and the path from its output to the value. */
export interface ReferenceTarget {
  readonly id: string;
  readonly path: readonly string[];
}

/** Anything that knows which ids exist: a set, or a map by id. */
export interface KnownIds {
  has(id: string): boolean;
}

/** The longest id that a step may have. */
const MAX_ID_LENGTH = 64;

const REFERENCE_PATTERN = /\\\{\{|\{\{([^{}]*)\}\}/g;

/** Splits a text into plain text and references, and resolves escapes. Takes time linear in its length. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let plain = "";
  let end = 0;
  for (const match of text.matchAll(REFERENCE_PATTERN)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const expression = match[1]?.trim();
    if (expression === undefined) {
      plain += "{{";
    } else if (expression === "") {
      plain += match[0];
    } else {
      if (plain !== "") {
        parts.push({ kind: "text", text: plain });
      }
      parts.push({ kind: "reference", expression });
      plain = "";
    }
  }
  plain += text.slice(end);
  if (plain !== "") {
    parts.push({ kind: "text", text: plain });
  }
  return parts;
}

/** The inside of the one reference that a text consists of, ignoring blanks around it; undefined if there is more. */
export function loneExpression(text: string): string | undefined {
  const [part, ...others] = parseTemplate(text.trim());
  return part?.kind === "reference" && others.length === 0 ? part.expression : undefined;
}

/** Rewrites the inside of each reference in a text. The rest stays as it was, escapes too. */
export function rewriteReferences(text: string, rewrite: (expression: string) => string): string {
  return replaceReferences(text, (expression) => `{{${rewrite(expression)}}}`);
}

/** Replaces references in a text. Those for which there is nothing, and the rest, stay as they were, escapes too. */
export function replaceReferences(text: string, replace: (expression: string) => string | undefined): string {
  return text.replace(REFERENCE_PATTERN, (whole, inside?: string) => {
    const expression = inside?.trim();
    return expression === undefined || expression === "" ? whole : (replace(expression) ?? whole);
  });
}

/** Escapes a text, so that it comes out unchanged when references are filled in. */
export function escapeReferences(text: string): string {
  return text.replaceAll("{{", "\\{{");
}

/** Splits an expression into the longest known id at its beginning and the path behind it. */
export function splitReference(expression: string, ids: KnownIds): ReferenceTarget | undefined {
  for (let end = Math.min(expression.length, MAX_ID_LENGTH); end > 0; end -= 1) {
    const isBoundary = end === expression.length || expression[end] === "." || expression[end] === "[";
    const id = isBoundary ? expression.slice(0, end) : "";
    if (!isBoundary || !ids.has(id)) {
      continue;
    }
    const path = parsePath(expression.slice(end));
    if (path !== undefined) {
      return { id, path };
    }
  }
  return undefined;
}

const SEGMENT_PATTERN = /\.([^.[\]]+)|\[(?:"([^"]*)"|'([^']*)'|([^\]"']+))\]/y;

function parsePath(text: string): string[] | undefined {
  const path: string[] = [];
  const pattern = new RegExp(SEGMENT_PATTERN);
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) {
      return undefined;
    }
    path.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
  }
  return path;
}

/** What a step with `forEach` may refer to besides steps: the current item, and its place in the list. */
export const ITEM_VARIABLES: ReadonlySet<string> = new Set(["item", "index"]);

/** The fields of a step that may hold references. */
type ReferringFields = Partial<Pick<PlanStep, "description" | "args" | "forEach" | "if">>;

/** Lists the insides of all references in the strings of a value: each once, in order of appearance. */
export function findReferences(value: unknown): string[] {
  const found = new Set<string>();
  visitStrings(value, (text) => {
    for (const part of parseTemplate(text)) {
      if (part.kind === "reference") {
        found.add(part.expression);
      }
    }
  });
  return [...found];
}

/** Lists the insides of all references in a step's description, arguments, forEach and if: each once. */
export function stepReferences(step: ReferringFields): string[] {
  return findReferences([step.description, step.args, fieldValue(step.forEach ?? ""), step.if]);
}

/** Lists the ids that a step refers to: each once, and only known ones. */
export function referencedIds(step: ReferringFields, ids: KnownIds): string[] {
  const targets = stepReferences(step).map((expression) => splitReference(expression, ids)?.id);
  return [...new Set(targets.filter((id) => id !== undefined))];
}

/** Whether a text is a single reference, and so stands for the value itself. */
export function isLoneReference(text: string): boolean {
  return loneExpression(text) !== undefined;
}

/** The value that the text of a step's `forEach` is: a list as JSON, with references in its texts, or the text itself. */
export function fieldValue(text: string): JsonValue {
  return /^\s*\[/.test(text) ? (parseJson(text) ?? text) : text;
}

function visitStrings(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") {
    visit(value);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) {
      visitStrings(part, visit);
    }
  }
}

const FORBIDDEN_PATTERN = /[{}[\]\p{Cc}]/u;
const RESERVED_PATTERN = /^(?:item|index)(?:\.|$)/;

/**
 * Says why a text cannot be a step's id; undefined if it can. Blanks, dots and parentheses are allowed inside,
 * because models name steps "1.1" or after a tool. Braces and brackets are not, because they belong to the grammar of
 * references and to the names of a for-each step's items (`3[0]`).
 */
export function whyNoStepId(id: string): string | undefined {
  if (id.trim() === "") {
    return "it is empty";
  }
  if (id.length > MAX_ID_LENGTH) {
    return `it is longer than ${MAX_ID_LENGTH} characters`;
  }
  if (id.trim() !== id) {
    return "it begins or ends with a blank";
  }
  if (FORBIDDEN_PATTERN.test(id)) {
    return "it holds a brace, a bracket or a control character";
  }
  if (RESERVED_PATTERN.test(normalizeId(id))) {
    return "item and index stand for the items of a forEach";
  }
  return undefined;
}

/** Drops case and blanks from an id. Ids that differ only in those are too easy to confuse. */
export function normalizeId(id: string): string {
  return id.replace(/\s+/g, "").toLowerCase();
}
