// People approve what they see, so these functions write characters that cannot be seen as JSON escapes: `\u200b`. Use
// them only for text that is shown. Text that runs or is hashed stays exact. Emoji with joiners come apart
// (`👩\u200d🚒`), because a joiner that stays could also hide something.
import { type JsonValue, parseJson } from "./json.js";

/**
 * Matches characters that cannot be seen: controls, format characters, lone surrogates, private and unassigned code
 * points; characters that fonts may leave out (fillers, variation selectors, tags); every blank except the plain space;
 * signs without ink. Line ends and tabs do not match, because they are layout.
 */
const HIDDEN_PATTERN =
  /[^\P{C}\n\t]|[\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16fe4}\u{1d159}]|(?! )\p{Zs}/u;
const EVERY_HIDDEN_PATTERN = new RegExp(HIDDEN_PATTERN, "gu");
/** Matches quotation marks other than JSON's. Some of them look like it. */
const QUOTE_LIKE_PATTERN =
  /[\u02ba\u02dd\u02ee\u02f6\u05f2\u05f4\u1cd3\u201c-\u201f\u2033\u2036\u275d\u275e\u301d-\u301f\u3003\uff02\u{1f676}-\u{1f678}]/gu;
/** Matches text that reads like one of our escapes. */
const WRITTEN_OUT_PATTERN = /\\u[0-9a-f]{4}/i;
const PLAIN_NAME_PATTERN = /^[\w.-]+$/;
/** Matches blanks that nobody sees: at the start of a text, or at the end of a line. */
const OUTER_BLANK_PATTERN = /^[ \t]|[ \t](?:\n|$)/;
/** Matches a one-line text with a gap so wide that the rest looks like something separate. */
const GAP_PATTERN = /^[^\n]* {4}[^\n]*$/;

/** Replaces the hidden characters of a text with escapes. A text without any stays as it is. */
export function toVisible(text: string): string {
  return text.replaceAll(EVERY_HIDDEN_PATTERN, writeOut);
}

/** Writes a value as JSON, with escapes for its hidden characters. The text parses back to exactly that value. */
export function toVisibleJson(value: unknown, indent?: number): string {
  return toVisible(JSON.stringify(value, null, indent));
}

/**
 * Writes a value as JSON that can stand beside other text. It also escapes the quotation marks inside, so that nobody
 * mistakes one for the end of the value.
 */
export function toQuoted(value: JsonValue): string {
  return toVisibleJson(value).replaceAll(QUOTE_LIKE_PATTERN, writeOut);
}

/** Shows a name as it is, or in quotes if it could be mistaken for something else. */
export function toVisibleName(name: string): string {
  return PLAIN_NAME_PATTERN.test(name) ? name : toQuoted(name);
}

/** Shows a text argument as it is, or as JSON if it could be mistaken for another value. */
export function toVisibleText(text: string): string {
  const isLikeAnother =
    OUTER_BLANK_PATTERN.test(text) ||
    GAP_PATTERN.test(text) ||
    WRITTEN_OUT_PATTERN.test(text) ||
    parseJson(text) !== undefined;
  return text.trim() === "" || isLikeAnother ? toVisibleJson(text) : toVisible(text);
}

/** Whether the keys or the texts of a value hold characters that cannot be seen. */
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

/** Writes a character as JSON escapes, one for each UTF-16 code unit. */
function writeOut(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
