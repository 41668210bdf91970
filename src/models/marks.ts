// Who writes an answer may say two things besides, between marks that no person sees:
//
//   (1) `<missing>…</missing>`, at the beginning of a line: the goal is not reached, and this is still to be done.
//       Whatever else the text says does not count then.
//   (2) `<reached>yes</reached>` or `no`, anywhere: whether the goal is reached. The rest is the answer.
//
// Quoted text must not be taken for either: if text from outside contains a mark, the prompt uses other names.
import type { BaseMessage } from "@langchain/core/messages";
import { findTags } from "./tags.js";

/** The names of the marks in one prompt. */
export interface Marks {
  readonly missing: string;
  readonly reached: string;
}

const MARKS: Marks = { missing: "missing", reached: "reached" };
const IS_MARK = /^(?:missing|reached)/;

/** Markup that models put before words that they want to stand out. */
const DECORATION = "[ \\t\\r*_`>#]*";
const DECORATED = new RegExp(`^${DECORATION}`);
/** The most characters between the marks of (2). What is longer is a text about the mark. */
const MAX_WORD = 20;

/** Chooses the marks for a prompt: names that the text from outside does not contain, so that quoting it is harmless. */
export function chooseMarks(outside: string): Marks {
  const names = findTags(outside).flatMap(({ name }) => (IS_MARK.test(name) ? [name] : []));
  const taken = new Set(names.map((name) => Number(name.replace(/\D/g, ""))));
  let number = 2;
  while (taken.has(number)) {
    number += 1;
  }
  return names.length === 0 ? MARKS : numbered(number);
}

function numbered(number: string | number): Marks {
  return { missing: `${MARKS.missing}_${number}`, reached: `${MARKS.reached}_${number}` };
}

/** Finds the marks that a prompt uses. They can only be its own, because text from outside cannot contain a tag. */
export function marksIn(prompt: readonly BaseMessage[]): Marks {
  const found = prompt.map(({ text }) => /<(?:missing|reached)(?:_(\d+))?>/.exec(text));
  const number = found.find((match) => match !== null)?.[1];
  return number === undefined ? MARKS : numbered(number);
}

/** Writes what is missing, in the form that a model is to use. */
export function toMissing(what: string, { missing } = MARKS): string {
  return `<${missing}>${what}</${missing}>`;
}

/** Writes whether the goal is reached, in the form that a model is to use. */
export function toReached(word: "yes" | "no", { reached } = MARKS): string {
  return `<${reached}>${word}</${reached}>`;
}

/** Reads what a text says is missing; undefined if the text is an answer. */
export function readMissing(text: string, { missing } = MARKS): string | undefined {
  const marked = new RegExp(`(?:^|\\n)${DECORATION}<${missing}>([^]*?)(?:</${missing}>|$)`, "i");
  return marked.exec(text)?.[1]?.trim();
}

/** Matches a mark of (2). One that ends an answer may lack its second half. */
function reachedMark({ reached }: Marks, isAtEnd: boolean): RegExp {
  const cut = isAtEnd ? `|<${reached}>(\\s*(?:yes|no)?\\s*)$` : "";
  return new RegExp(`<${reached}>([^<]{0,${MAX_WORD}})</${reached}>${cut}`, "gi");
}

/** An answer without its mark. */
export interface MarkedAnswer {
  readonly text: string;
  /** Whether the goal is reached; undefined if the answer does not say. */
  readonly reached?: boolean;
}

/** Reads whether an answer says that the goal is reached. The last mark counts. */
export function readReached(text: string, marks = MARKS): MarkedAnswer {
  const mark = reachedMark(marks, true);
  const last = [...text.matchAll(mark)].at(-1);
  const word = (last?.[1] ?? last?.[2])?.trim().toLowerCase();
  if (word === undefined) {
    return { text };
  }
  const rest = text.replaceAll(mark, "").trim();
  return word === "yes" || word === "no" ? { text: rest, reached: word === "yes" } : { text: rest };
}

/**
 * Whether a text that is still being written may turn out to say that something is missing. Only its last line
 * counts.
 */
export function mayBecomeMissing(text: string, { missing } = MARKS): boolean {
  const line = text.slice(text.lastIndexOf("\n") + 1).replace(DECORATED, "");
  return `<${missing}>`.startsWith(line.toLowerCase());
}

/** Where the beginning of a mark of (2) stands at the end of a text that is still being written; -1 if none does. */
function startOfReached(text: string, { reached }: Marks): number {
  const [open, close] = [`<${reached}>`, `</${reached}>`];
  const low = text.toLowerCase();
  let at = low.indexOf("<", Math.max(0, low.length - open.length - MAX_WORD - close.length));
  for (; at >= 0; at = low.indexOf("<", at + 1)) {
    const tail = low.slice(at);
    const [word = "", ...rest] = tail.slice(open.length).split("<");
    const isInside = tail.startsWith(open) && word.length <= MAX_WORD && rest.length <= 1;
    if (open.startsWith(tail) || (isInside && (rest.length === 0 || close.startsWith(`<${rest[0]}`)))) {
      return at;
    }
  }
  return -1;
}

/**
 * Passes an answer on, piece by piece, without its marks. What may turn out to be one waits for the next piece. From
 * where the answer says that something is missing, nothing is passed on.
 */
export class MarkFilter {
  readonly #marks: Marks;
  /** What was not passed on yet. */
  #held = "";
  /** Whether that begins a line. */
  #beginsLine = true;
  #isMissing = false;

  constructor(marks: Marks) {
    this.#marks = marks;
  }

  /** Takes the next piece, and gives what may be shown now. */
  push(piece: string): string {
    const text = (this.#held + piece).replaceAll(reachedMark(this.#marks, false), "");
    const line = text.lastIndexOf("\n") + 1;
    const isWholeLine = line > 0 || this.#beginsLine;
    if (isWholeLine && mayBecomeMissing(text.slice(line), this.#marks)) {
      return this.#pass(text, line);
    }
    const reached = startOfReached(text, this.#marks);
    return this.#pass(text, reached < 0 ? text.length : reached);
  }

  /** Gives what is left to show when the answer has ended. */
  end(): string {
    const text = this.#held.replaceAll(reachedMark(this.#marks, true), "");
    return this.#pass(text, text.length);
  }

  #pass(text: string, end: number): string {
    this.#isMissing ||= readMissing((this.#beginsLine ? "" : ".") + text, this.#marks) !== undefined;
    if (this.#isMissing) {
      this.#held = "";
      return "";
    }
    this.#held = text.slice(end);
    this.#beginsLine = end === 0 ? this.#beginsLine : text[end - 1] === "\n";
    return text.slice(0, end);
  }
}
