import type { JsonValue } from "./json.js";
import { quote } from "./quote.js";
import { findReferences } from "./references.js";
import { toFields } from "./step-fields.js";

const maxDescriptionLength = 80;

/** What a step that says nothing of itself does: its call. */
export function describeCall(tool: JsonValue | undefined, args: JsonValue | undefined): string | undefined {
  if (typeof tool !== "string") return undefined;
  const shown = Object.entries(toFields(args) ?? {}).map(([name, value]) => `${name}: ${showValue(value)}`);
  const call = shown.length === 0 ? tool : `${tool}(${shown.join(", ")})`;
  const text = call.length > maxDescriptionLength ? `${call.slice(0, maxDescriptionLength - 1)}…` : call;
  // Quoting and cutting may spoil a reference: a description must not refer to what its arguments do not.
  const meant = new Set(findReferences(args));
  return findReferences(text).every((expression) => meant.has(expression)) ? text : tool;
}

function showValue(value: JsonValue): string {
  return typeof value === "string" ? quote(value) : JSON.stringify(value);
}
