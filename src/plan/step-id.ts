import { maxIdLength } from "./template.js";

const forbiddenPattern = /[{}[\]\p{Cc}]/u;
const reservedPattern = /^(?:item|index)(?:\.|$)/;

/**
 * Why a text cannot be a step's id; undefined when it can. Blanks, dots and parentheses are fine inside,
 * since models name steps "1.1" or after a tool; braces and brackets are the grammar of references and of
 * the items of a step with forEach (`3[0]`).
 */
export function whyNoStepId(id: string): string | undefined {
  if (id.trim() === "") return "it is empty";
  if (id.length > maxIdLength) return `it is longer than ${maxIdLength} characters`;
  if (id.trim() !== id) return "it begins or ends with a blank";
  if (forbiddenPattern.test(id)) return "it holds a brace, a bracket or a control character";
  if (reservedPattern.test(normalizeId(id))) return "item and index stand for the items of a forEach";
  return undefined;
}

/** What two ids have in common that nobody could keep apart: case and blanks aside. */
export function normalizeId(id: string): string {
  return id.replace(/\s+/g, "").toLowerCase();
}
