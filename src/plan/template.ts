// The grammar of references. `{{id}}`, `{{id.key}}`, `{{id.list[0]["any key"]}}` is a reference; `\{{` is a
// literal `{{`; everything else, unbalanced braces and `{{}}` too, is plain text. Which part of a reference
// is the id can only be said by somebody who knows the ids, since an id may have dots of its own (`1.1`).

/** A piece of a text: plain, or the inside of a reference. */
export type TemplatePart = { kind: "text"; text: string } | { kind: "reference"; expression: string };

/** A reference taken apart: a step's id, and the way from its output to the value. */
export type ReferenceTarget = { readonly id: string; readonly path: readonly string[] };

/** Whatever can tell which ids there are: a set, or a map by id. */
export type KnownIds = { has(id: string): boolean };

/** The longest id that a step may have. */
export const maxIdLength = 64;

const referencePattern = /\\\{\{|\{\{([^{}]*)\}\}/g;

/** Takes a text apart into plain text and references; escapes are resolved. Linear in its length. */
export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let plain = "";
  let end = 0;
  for (const match of text.matchAll(referencePattern)) {
    plain += text.slice(end, match.index);
    end = match.index + match[0].length;
    const expression = match[1]?.trim();
    if (expression === undefined) plain += "{{";
    else if (expression === "") plain += match[0];
    else {
      if (plain !== "") parts.push({ kind: "text", text: plain });
      parts.push({ kind: "reference", expression });
      plain = "";
    }
  }
  plain += text.slice(end);
  if (plain !== "") parts.push({ kind: "text", text: plain });
  return parts;
}

/** The inside of the reference that a text consists of, blanks around it aside; undefined if there is more. */
export function loneExpression(text: string): string | undefined {
  const [part, ...others] = parseTemplate(text.trim());
  return part?.kind === "reference" && others.length === 0 ? part.expression : undefined;
}

/** Puts other expressions into the references of a text; the rest of it, escapes too, stays as it was. */
export function rewriteReferences(text: string, rewrite: (expression: string) => string): string {
  return text.replace(referencePattern, (whole, inside?: string) => {
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
  for (let end = Math.min(expression.length, maxIdLength); end > 0; end -= 1) {
    const isBoundary = end === expression.length || expression[end] === "." || expression[end] === "[";
    const id = isBoundary ? expression.slice(0, end) : "";
    if (!isBoundary || !ids.has(id)) continue;
    const path = parsePath(expression.slice(end));
    if (path !== undefined) return { id, path };
  }
  return undefined;
}

const segmentPattern = /\.([^.[\]]+)|\[(?:"([^"]*)"|'([^']*)'|([^\]"']+))\]/y;

function parsePath(text: string): string[] | undefined {
  const path: string[] = [];
  const pattern = new RegExp(segmentPattern);
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    path.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? "");
  }
  return path;
}
