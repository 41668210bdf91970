// A model that is asked for the answer may say instead that the goal is not reached. To do so it writes what is missing
// between marks, at the beginning of a line. Whatever else it writes does not count then. Quoted text must not be taken
// for this: if text from outside contains the mark, the prompt uses another one.
import type { BaseMessage } from "@langchain/core/messages";
import { findTags } from "./tags.js";

const MARK = "missing";

/** Markup that models put before words that they want to stand out. */
const DECORATION = "[ \\t\\r*_`>#]*";
const DECORATED = new RegExp(`^${DECORATION}`);

/** Chooses the mark for a prompt: one that the text from outside does not contain, so that quoting it is harmless. */
export function chooseMark(outside: string): string {
  const marks = findTags(outside).flatMap(({ name }) => (name.startsWith(MARK) ? [name] : []));
  const taken = new Set(marks.map((name) => Number(name.replace(/\D/g, ""))));
  let number = 2;
  while (taken.has(number)) {
    number += 1;
  }
  return marks.length === 0 ? MARK : `${MARK}_${number}`;
}

/**
 * Finds the mark that a prompt uses. It can only be the prompt's own, because text from outside cannot contain a tag.
 */
export function markIn(prompt: readonly BaseMessage[]): string {
  const found = prompt.map(({ text }) => /<(missing(?:_\d+)?)>/.exec(text)?.[1]);
  return found.find((mark) => mark !== undefined) ?? MARK;
}

/** Writes what is missing, in the form that a model is to use. */
export function toMissing(what: string, mark = MARK): string {
  return `<${mark}>${what}</${mark}>`;
}

/** Reads what a text says is missing; undefined if the text is an answer. */
export function readMissing(text: string, mark = MARK): string | undefined {
  const marked = new RegExp(`(?:^|\\n)${DECORATION}<${mark}>([^]*?)(?:</${mark}>|$)`, "i");
  return marked.exec(text)?.[1]?.trim();
}

/**
 * Whether a text that is still being written may turn out to say that something is missing. Only its last line
 * counts.
 */
export function mayBecomeMissing(text: string, mark = MARK): boolean {
  const line = text.slice(text.lastIndexOf("\n") + 1).replace(DECORATED, "");
  return `<${mark}>`.startsWith(line.toLowerCase());
}
