import type { Token } from "./tokens.js";
import { NOUN_VERBS, phrases, QUESTIONS, VERB_OBJECTS, VERBS } from "./words.js";

/** One part of a goal: one request, as far as the signs between the words tell. */
export interface Clause {
  readonly tokens: readonly Token[];
  /** It came after "then", "after that" and the like: it depends on what was before it. */
  readonly then: boolean;
  /** The number of the list item it belongs to, where it has one. */
  readonly item?: number;
}

const CONNECTIVES: readonly string[] =
  phrases(`and then | then finally | then | and after that | after that | and afterwards | afterwards |
    afterward | after which | after this | and finally | finally | lastly | and lastly | and next |
    next | subsequently | once done | when done | once you have that | once you have it |
    once you have them | once you have both | once that is done | when that is done | followed by |
    as a last step | as a final step | from there | with that done | once you have the result |
    once you have the results | once finished | when finished | and only then | and at the end |
    at the end | in the end`).toSorted((a, b) => b.length - a.length);

const EMPTY_CLAUSE =
  /^(?:please|do|the|following|these|this|things?|steps?|tasks?|calculations?|in|order|my|is|here|are|a|few|list|for|me|can|you|could|i|need|to|have|with|thanks?|thank|so|much|hi|hello|hey|there|also|and|questions?|goal|plan|first|second|third|perform|carry|out|solve|answer|complete|two|three|four|five|first|one|by|work|through|go|of|instructions?|sequence|some|quick|math|maths|problems?|below|all|parallel|numbers|figures|calculate|compute|evaluate|determine|find|values|results|expressions|operations|simultaneously|side|same|time|at|once)$/;

/** Splits a goal into its parts: at list items, sentence ends, ";", "then", and where "and" or "," begins a new request. */
export function splitGoal(tokens: readonly Token[]): Clause[] {
  const clauses: Clause[] = [];
  let current: Token[] = [];
  let then = false;
  let item: number | undefined;
  const close = (): void => {
    const trimmed = trim(current);
    if (trimmed.length > 0 && !isEmpty(trimmed)) {
      clauses.push({ tokens: trimmed, then, item });
    }
    if (trimmed.length > 0) {
      then = false;
    }
    current = [];
  };
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    if (token === undefined) {
      break;
    }
    if (token.kind === "item") {
      close();
      item = token.text === "" ? undefined : itemNumber(token.text);
      at += 1;
    } else if (token.kind === "symbol" && isEnd(token.text)) {
      close();
      at += 1;
    } else {
      const connective = connectiveAt(tokens, at, current.length === 0);
      if (connective > 0) {
        close();
        then = clauses.length > 0 || then;
        at += connective;
      } else {
        if (current.length > 0 && startsRequest(tokens, at)) {
          close();
        }
        current.push(token);
        at += 1;
      }
    }
  }
  close();
  return clauses;
}

function isEnd(symbol: string): boolean {
  return [".", "?", "!", ";", ":", "...", "→"].includes(symbol);
}

function itemNumber(text: string): number {
  return /\d/.test(text) ? Number(text) : text.toLowerCase().charCodeAt(0) - 96;
}

/** How many tokens the connective here has; 0 for none. "first" and "next" count only where a clause begins. */
function connectiveAt(tokens: readonly Token[], at: number, atStart: boolean): number {
  const joined = tokens[at - 1]?.text === "," || tokens[at - 1]?.text === "and";
  for (const phrase of CONNECTIVES) {
    const words = phrase.split(" ");
    if (!words.every((word, index) => wordAt(tokens, at + index) === word)) {
      continue;
    }
    const isAlwaysOne = /\bthen\b|^after|^and after|^followed/.test(phrase);
    if (isAlwaysOne || atStart || joined || phrase.startsWith("and ")) {
      return words.length;
    }
  }
  return 0;
}

/** Whether a new request begins here: a verb or a question word after "and", "," or nothing but them. */
function startsRequest(tokens: readonly Token[], at: number): boolean {
  const before = wordAt(tokens, at - 1);
  if (![",", "and", "but", "so", "&"].includes(before)) {
    return false;
  }
  let here = at;
  while (
    phrases(
      `please | also | finally | to | then | second | secondly | third | thirdly | lastly | fourth`,
    ).includes(wordAt(tokens, here))
  ) {
    here += 1;
  }
  const word = wordAt(tokens, here);
  const next = wordAt(tokens, here + 1);
  if (NOUN_VERBS.has(word)) {
    const isArithmetic = ["square", "cube", "double", "triple"].includes(word);
    if (isArithmetic && tokens[here + 1]?.kind === "number") {
      return true;
    }
    if (!VERB_OBJECTS.has(next)) {
      return false;
    }
    return !(next === "the" && word === "list");
  }
  if (VERBS.has(word)) {
    return !["of", "for"].includes(next);
  }
  return (
    QUESTIONS.has(word) &&
    !(word === "which" && ["is", "are", "have", "has"].includes(next) && before === ",")
  );
}

function wordAt(tokens: readonly Token[], at: number): string {
  const token = tokens[at];
  return token !== undefined && (token.kind === "word" || token.kind === "symbol") ? token.text : "";
}

/** Without the joints at its ends. */
function trim(tokens: readonly Token[]): Token[] {
  const joints = new Set([",", "and", "then", "but", "&", "-"]);
  let from = 0;
  let to = tokens.length;
  while (
    from < to &&
    joints.has(wordAt(tokens, from)) &&
    !(wordAt(tokens, from) === "-" && isNumber(tokens[from + 1]))
  ) {
    from += 1;
  }
  while (to > from && joints.has(wordAt(tokens, to - 1))) {
    to -= 1;
  }
  return tokens.slice(from, to);
}

function isNumber(token: Token | undefined): boolean {
  return token?.kind === "number";
}

/** "Please do the following", "thanks": words that ask for nothing. */
function isEmpty(tokens: readonly Token[]): boolean {
  return tokens.every((token, at) => {
    const counts = /^(?:numbers|figures|calculations|things|steps|tasks|values|results|questions)$/;
    if (token.kind === "number") {
      return counts.test(tokens[at + 1]?.text ?? "");
    }
    return token.kind === "word" && EMPTY_CLAUSE.test(token.text);
  });
}
