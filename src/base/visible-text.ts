// What a person approves is what they see, so whatever cannot be seen is written out, as JSON writes it: `\u200b`.
// Only what is shown goes through here; what runs, and what is hashed, stays exact. Emoji of several parts come apart
// (`👩\u200d🚒`): a joiner that is left in could as well hide something.
import type { JsonValue } from "./json.js";

/**
 * Controls, formats, halves of characters, private and unassigned ones; what fonts may leave out (fillers, variation
 * selectors, tags); blanks that are not the plain one, and signs without ink. Line ends and tabs are layout.
 */
const HIDDEN_PATTERN =
  /[^\P{C}\n\t]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}]|(?! )\p{Zs}/u;
const EVERY_HIDDEN_PATTERN = new RegExp(HIDDEN_PATTERN, "gu");
/** Quotation marks other than JSON's: some of them look like it. */
const QUOTE_LIKE_PATTERN =
  /[\u02ba\u02dd\u02ee\u02f6\u05f2\u05f4\u1cd3\u201c-\u201f\u2033\u2036\u275d\u275e\u301d-\u301f\u3003\uff02\u{1f676}-\u{1f678}]/gu;
/** A text that reads like a character that was written out. */
const WRITTEN_OUT_PATTERN = /\\u[0-9a-f]{4}/i;
const PLAIN_NAME_PATTERN = /^[\w.-]+$/;
/** Blanks that nobody sees: before a text, and at the end of its lines. */
const OUTER_BLANK_PATTERN = /^[ \t]|[ \t](?:\n|$)/;
/** On a line of its own, blanks behind which the next thing seems to begin. */
const GAP_PATTERN = /^[^\n]* {4}[^\n]*$/;

/** Words with their hidden characters written out. Text that is visible already stays as it is. */
export function toVisible(text: string): string {
  return text.replaceAll(EVERY_HIDDEN_PATTERN, writeOut);
}

/** A value as JSON with its hidden characters written out: it reads back as exactly that value. */
export function toVisibleJson(value: unknown, indent?: number): string {
  return toVisible(JSON.stringify(value, null, indent));
}

/** A value as JSON beside which other text stands: where its quotes end can be seen as well. */
export function toQuoted(value: JsonValue): string {
  return toVisibleJson(value).replaceAll(QUOTE_LIKE_PATTERN, writeOut);
}

/** A name as it is, or quoted where it could be taken for something else. */
export function toVisibleName(name: string): string {
  return PLAIN_NAME_PATTERN.test(name) ? name : toQuoted(name);
}

/** A text argument as it is, or as JSON where it could be taken for another value. */
export function toVisibleText(text: string): string {
  const isLikeAnother =
    OUTER_BLANK_PATTERN.test(text) ||
    GAP_PATTERN.test(text) ||
    WRITTEN_OUT_PATTERN.test(text) ||
    isJson(text);
  return text.trim() === "" || isLikeAnother ? toVisibleJson(text) : toVisible(text);
}

/** Whether a value holds characters that cannot be seen. */
export function hasHidden(value: JsonValue): boolean {
  if (typeof value === "string") {
    return HIDDEN_PATTERN.test(value);
  }
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return Object.entries(value).some(([key, entry]) => hasHidden(key) || hasHidden(entry));
}

/** A value without the hidden characters of its texts. */
export function withoutHidden(value: JsonValue): JsonValue {
  if (typeof value === "string") {
    return stripHidden(value);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(withoutHidden);
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [stripHidden(key), withoutHidden(entry)] as const),
  );
}

function stripHidden(text: string): string {
  return text.replaceAll(EVERY_HIDDEN_PATTERN, "");
}

/** Writes a character out, unit by unit, as JSON reads it. */
function writeOut(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Most texts are no JSON: that is an answer, not a failure.
    return false;
  }
}
