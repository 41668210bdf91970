import type { JsonValue } from "../../base/index.js";
import { findReferences, replaceReferences } from "../references.js";
import type { ReferenceResolver } from "./wild-references.js";

// What an argument says of a step that exists, in a form that nothing would be filled into: "(result of step 1)", "$1 ^ 2",
// "{1.title}". A tool would get these words as they are, and send them to somebody. We do not guess what was meant.

const OUTPUT = "(?:results?|outputs?|values?|answers?|responses?|contents?)";
const STEP = "(?:step|task)[\\s_#-]{0,2}";
const ID = "([\\w-]{1,64})";
const PATH = "(?:\\.\\w{1,64}|\\[\\d{1,6}\\])";

/** Words. In a text that refers to the step as well they are a heading: "Results of step 1: {{1}}". */
const WORDED_FORMS: readonly RegExp[] = [
  // the output of step 1, (results from task 2)
  new RegExp(`[<([{]?\\b(?:the )?${OUTPUT} (?:of|from) (?:the )?${STEP}${ID}[>)\\]}]?`, "giu"),
  // <output of 1>, {the result of 2}
  new RegExp(`[<[{(](?:the )?${OUTPUT} (?:of|from) ${ID}[>\\]})]`, "giu"),
  // step 1's output, step_1_result
  new RegExp(`[<([{]?\\b${STEP}(\\d{1,6})(?:['’]s)?[\\s._-]${OUTPUT}\\b[>)\\]}]?`, "giu"),
];

/** {1.title}, {step1}, {item} */
const BRACE_PATTERN = new RegExp(
  `(?<![\\w{$\\\\)\\]}])\\{((?:\\w{1,64}${PATH}{1,10})|${STEP}\\w{1,64}|item|index)\\}(?!\\})`,
  "giu",
);

/** $1.title, $step1: no price is written so. */
const DOLLAR_PATTERN = new RegExp(`(?<![\\w\\\\])\\$(\\w{1,64}${PATH}{0,10})(?![,\\w]*\\d)`, "giu");
const WHOLE_PRICE_PATTERN = /^\d+$/;
const PRICE_PATTERN = /^\d+\.\d+$/;
/** A word that is not the name of a function. */
const WORD_PATTERN = /\p{L}{2,64}(?![\p{L}\w]*\()/u;

/** A text that looks like a reference, and the one that was probably meant. */
export interface Lookalike {
  readonly text: string;
  readonly meant: string;
}

/** Finds what looks like a reference in arguments and is none: each once. Our own references must be there already. */
export function findLookalikes(value: JsonValue, resolve: ReferenceResolver): Lookalike[] {
  if (typeof value === "string") {
    return findInText(value, resolve);
  }
  const parts = typeof value === "object" && value !== null ? Object.values(value) : [];
  const found = parts.flatMap((part) => findLookalikes(part, resolve));
  return [...new Map(found.map((one) => [one.text, one])).values()];
}

function findInText(text: string, resolve: ReferenceResolver): Lookalike[] {
  const references = findReferences(text);
  const referred = new Set(references.map((expression) => resolve(expression)?.id));
  const plain = references.length > 0 ? replaceReferences(text, () => "0") : text;
  const find = (form: RegExp, isMeant: (token: string, id: string) => boolean) =>
    [...plain.matchAll(form)].flatMap(([whole, token = ""]): Lookalike[] => {
      const resolved = resolve(token);
      const isFound = resolved !== undefined && isMeant(token, resolved.id);
      return isFound ? [{ text: whole.trim(), meant: resolved.expression }] : [];
    });
  // In a sentence `$1` is money. In a formula it is a step.
  const isSentence = WORD_PATTERN.test(plain.replace(DOLLAR_PATTERN, ""));
  const isMoney = (token: string) =>
    PRICE_PATTERN.test(token) || (isSentence && WHOLE_PRICE_PATTERN.test(token));
  const found = [
    ...WORDED_FORMS.flatMap((form) => find(form, (_, id) => !referred.has(id))),
    ...find(BRACE_PATTERN, () => true),
    ...find(DOLLAR_PATTERN, (token) => !isMoney(token)),
  ];
  return [...new Map(found.map((one) => [one.text, one])).values()];
}
