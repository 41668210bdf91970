import type { ReferenceValues } from "./fill-references.js";
import { itemVariables } from "./references.js";
import { parseTemplate, splitReference } from "./template.js";

/**
 * A step's words with a pointer in the place of each reference: "(output of step 1, rows.0.name)", "(the item)". What
 * is pointed at stands elsewhere, as data. The place of an item is a number of ours, and stands here.
 */
export function pointReferences(text: string, values: ReferenceValues): string {
  return parseTemplate(text)
    .map((part) => (part.kind === "text" ? part.text : toPointer(part.expression, values)))
    .join("");
}

function toPointer(expression: string, values: ReferenceValues): string {
  const id = splitReference(expression, values)?.id;
  if (id === undefined) return `{{${expression}}}`;
  const value = values.get(id);
  if (id === "index" && typeof value === "number") return String(value);
  const path = expression.slice(id.length).replace(/^\./, "");
  const whole = itemVariables.has(id) ? `the ${id}` : `output of step ${id}`;
  return path === "" ? `(${whole})` : `(${whole}, ${path})`;
}
