// People approve what they see. So characters that cannot be seen are written out as JSON escapes: `\u200b`. This is
// only for text that is shown; what runs, and what is hashed, stays exact. Emoji with joiners come apart
// (`👩\u200d🚒`), because a joiner that is left in could also hide something.
import type { JsonValue } from "./json.js";

/**
 * Characters that cannot be seen: controls, format characters, lone surrogates, private and unassigned code points;
 * what fonts may leave out (fillers, variation selectors, tags); every blank but the plain space; signs without ink.
 * Line ends and tabs are layout, so they do not match.
 */
const HIDDEN_PATTERN =
  /[^\P{C}\n\t]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}]|(?! )\p{Zs}/u;
const EVERY_HIDDEN_PATTERN = new RegExp(HIDDEN_PATTERN, "gu");
/** Quotation marks other than JSON's, because some of them look like it. */
const QUOTE_LIKE_PATTERN =
  /[\u02ba\u02dd\u02ee\u02f6\u05f2\u05f4\u1cd3\u201c-\u201f\u2033\u2036\u275d\u275e\u301d-\u301f\u3003\uff02\u{1f676}-\u{1f678}]/gu;
/** Text that reads like an escape of ours. */
const WRITTEN_OUT_PATTERN = /\\u[0-9a-f]{4}/i;
const PLAIN_NAME_PATTERN = /^[\w.-]+$/;
/** Blanks that nobody sees: at the start of a text, and at the end of its lines. */
const OUTER_BLANK_PATTERN = /^[ \t]|[ \t](?:\n|$)/;
/** A gap in a one-line text, wide enough that what follows looks like something separate. */
const GAP_PATTERN = /^[^\n]* {4}[^\n]*$/;

/** Writes out the hidden characters of a text. A text without any stays as it is. */
export function toVisible(text: string): string {
  return text.replaceAll(EVERY_HIDDEN_PATTERN, writeOut);
}

/** Writes a value as JSON, with its hidden characters written out. It reads back as exactly that value. */
export function toVisibleJson(value: unknown, indent?: number): string {
  return toVisible(JSON.stringify(value, null, indent));
}

/** Writes a value as JSON to stand beside other text: quotation marks inside cannot be mistaken for its end. */
export function toQuoted(value: JsonValue): string {
  return toVisibleJson(value).replaceAll(QUOTE_LIKE_PATTERN, writeOut);
}

/** Shows a name as it is, or quoted if it could be taken for something else. */
export function toVisibleName(name: string): string {
  return PLAIN_NAME_PATTERN.test(name) ? name : toQuoted(name);
}

/** Shows a text argument as it is, or as JSON if it could be taken for another value. */
export function toVisibleText(text: string): string {
  const isLikeAnother =
    OUTER_BLANK_PATTERN.test(text) ||
    GAP_PATTERN.test(text) ||
    WRITTEN_OUT_PATTERN.test(text) ||
    isJson(text);
  return text.trim() === "" || isLikeAnother ? toVisibleJson(text) : toVisible(text);
}

/** Whether a value holds characters that cannot be seen, in its keys or its texts. */
export function hasHidden(value: JsonValue): boolean {
  if (typeof value === "string") {
    return HIDDEN_PATTERN.test(value);
  }
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return Object.entries(value).some(([key, entry]) => hasHidden(key) || hasHidden(entry));
}

/** Removes the hidden characters from the keys and texts of a value. */
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

/** Writes a character as JSON escapes, one for each UTF-16 unit. */
function writeOut(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Most texts are not JSON. That is an answer, not a failure.
    return false;
  }
}
