/**
 * Whoever is asked for the answer may say instead that the goal is not reached: by what is missing, between these
 * marks, at the beginning of a line. Words before it do not count: then it is no answer. A text that the answer quotes
 * must not say so: where one from outside has the mark, the prompt gives another.
 */
import type { BaseMessage } from "@langchain/core/messages";
import { findTags } from "./tags.js";

const MARK = "missing";

/** What models put before a word that they want to stand out. */
const DECORATION = "[ \\t\\r*_`>#]*";
const DECORATED = new RegExp(`^${DECORATION}`);

/** The mark for a prompt with this text from outside: one that is not in it, so that no quotation is taken for it. */
export function chooseMark(outside: string): string {
  const marks = findTags(outside).flatMap(({ name }) => (name.startsWith(MARK) ? [name] : []));
  const taken = new Set(marks.map((name) => Number(name.replace(/\D/g, ""))));
  let number = 2;
  while (taken.has(number)) {
    number += 1;
  }
  return marks.length === 0 ? MARK : `${MARK}_${number}`;
}

/** The mark that a prompt gives; in no other place can it have one. */
export function markIn(prompt: readonly BaseMessage[]): string {
  const found = prompt.map(({ text }) => /<(missing(?:_\d+)?)>/.exec(text)?.[1]);
  return found.find((mark) => mark !== undefined) ?? MARK;
}

/** What is missing, as a model says it. */
export function toMissing(what: string, mark = MARK): string {
  return `<${mark}>${what}</${mark}>`;
}

/** What a text says is missing; undefined where it is an answer. */
export function readMissing(text: string, mark = MARK): string | undefined {
  const marked = new RegExp(`(?:^|\\n)${DECORATION}<${mark}>([^]*?)(?:</${mark}>|$)`, "i");
  return marked.exec(text)?.[1]?.trim();
}

/** Whether a text that is still being written may come to say that something is missing, by how its last line begins. */
export function mayBecomeMissing(text: string, mark = MARK): boolean {
  const line = text.slice(text.lastIndexOf("\n") + 1).replace(DECORATED, "");
  return `<${mark}>`.startsWith(line.toLowerCase());
}
