import type { PlanStep } from "./plan.js";

// The grammar of references. `{{id}}`, `{{id.key}}`, `{{id.list[0]["any key"]}}` is a reference; `\{{` is a
// literal `{{`; everything else, unbalanced braces and `{{}}` too, is plain text. Which part of a reference
// is the id can only be said by somebody who knows the ids, since an id may have dots of its own (`1.1`).

/** A piece of a text: plain, or the inside of a reference. */
type TemplatePart = { kind: "text"; text: string } | { kind: "reference"; expression: string };

/** A reference taken apart: a step's id, and the way from its output to the value. */
interface ReferenceTarget {
  readonly id: string;
  readonly path: readonly string[];
}

/** Whatever can tell which ids there are: a set, or a map by id. */
export interface KnownIds {
  has(id: string): boolean;
}

/** The longest id that a step may have. */
const MAX_ID_LENGTH = 64;

const REFERENCE_PATTERN = /\\\{\{|\{\{([^{}]*)\}\}/g;

/** Takes a text apart into plain text and references; escapes are resolved. Linear in its length. */
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

/** The inside of the reference that a text consists of, blanks around it aside; undefined if there is more. */
export function loneExpression(text: string): string | undefined {
  const [part, ...others] = parseTemplate(text.trim());
  return part?.kind === "reference" && others.length === 0 ? part.expression : undefined;
}

/** Puts other expressions into the references of a text; the rest of it, escapes too, stays as it was. */
export function rewriteReferences(text: string, rewrite: (expression: string) => string): string {
  return text.replace(REFERENCE_PATTERN, (whole, inside?: string) => {
    const expression = inside?.trim();
    return expression === undefined || expression === "" ? whole : `{{${rewrite(expression)}}}`;
  });
}

/** Makes a text safe to stand where references are filled in: it comes out as it was. */
export function escapeReferences(text: string): string {
  return text.replaceAll("{{", "\\{{");
}

/** Finds the longest known id that an expression begins with, and reads the rest as a path. */
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

/** What a step with `forEach` may refer to besides steps: the item it is done for, and its place. */
export const ITEM_VARIABLES: ReadonlySet<string> = new Set(["item", "index"]);

/** The fields of a step in which references are understood. */
type ReferringFields = Partial<Pick<PlanStep, "description" | "args" | "forEach" | "if">>;

/** The insides of all references in the strings of a value, each once, in the order they stand. */
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

/** The insides of all references of a step, each once: in its description, arguments, forEach and if. */
export function stepReferences(step: ReferringFields): string[] {
  return findReferences([step.description, step.args, step.forEach, step.if]);
}

/** The ids of the steps that a step refers to, each once; what names no known id is left out. */
export function referencedIds(step: ReferringFields, ids: KnownIds): string[] {
  const targets = stepReferences(step).map((expression) => splitReference(expression, ids)?.id);
  return [...new Set(targets.filter((id) => id !== undefined))];
}

/** Whether a text is nothing but one reference, and so stands for the value itself. */
export function isLoneReference(text: string): boolean {
  return loneExpression(text) !== undefined;
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
 * Why a text cannot be a step's id; undefined when it can. Blanks, dots and parentheses are fine inside,
 * since models name steps "1.1" or after a tool; braces and brackets are the grammar of references and of
 * the items of a step with forEach (`3[0]`).
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

/** What two ids have in common that nobody could keep apart: case and blanks aside. */
export function normalizeId(id: string): string {
  return id.replace(/\s+/g, "").toLowerCase();
}
