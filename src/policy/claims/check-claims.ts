// Checks a text against its sources, without a model. It reads no meaning: it finds the number that stands in no source,
// the quotation that nobody said, and the citation of something that is not there. These are the mistakes of models that
// readers cannot see.
import { cutText, type JsonValue, toComposed } from "../../base/index.js";
import type { Requester } from "../approval-rules.js";
import { isSameQuantity, type Quantity, quantitiesOf } from "./quantities.js";

/** The texts that a text may rest on, by the names under which it cites them: `{ "survey.md": "…" }`. */
export type ClaimSources = Readonly<Record<string, string>>;

export interface ClaimCheckOptions {
  /**
   * The least share of a cited sentence's words that its sources must have, 0 to 1. It catches sentences that have
   * nothing to do with what they cite, and mistakes a free paraphrase for one. @default 0: words are not compared
   */
  readonly threshold?: number;
}

/** Something that a text says and its sources do not. */
export interface UnsupportedClaim {
  /** A number, a quotation, a citation of an unknown source, or a sentence with too few words of its sources. */
  readonly kind: "number" | "quotation" | "citation" | "words";
  /** The part that has no support. */
  readonly text: string;
  /** The sentence in which it stands. */
  readonly sentence: string;
  /** The sources that were looked into. Empty means all: the sentence cites none. */
  readonly sources: readonly string[];
}

/** A text whose claims are checked. */
export interface ClaimedText extends ClaimCheckOptions {
  readonly text: string;
  readonly sources: ClaimSources;
}

/** At most so many claims are named in a fault. */
const MAX_NAMED = 10;
const SENTENCE_BYTES = 200;

// Each pattern has bounds, because the texts are a model's: a long line of marks must not take long.
const CITATION = /\[([^\][\s]{1,200})\](?!\()/g;
const QUOTATION = /“([^”]{1,2000})”|„([^“]{1,2000})“|«([^»]{1,2000})»|"([^"]{1,2000})"/g;
const SENTENCE_END = /(?<=[.!?]["”»)]?(?: ?\[[^\][\s]{1,200}\]){0,5}) (?=["“„«(]?[\p{Lu}\p{N}])/u;
const LIST_MARK = /^\s*(?:[-*+]|\d+[.)]|#+)\s+/;

/**
 * Finds what a text claims without support. A sentence that cites sources, as [name], must find its numbers and
 * quotations in one of these; any other sentence must find them in any source. Numbers are compared by value and unit:
 * 1.2 km is 1,200 m.
 */
export function checkClaims(
  text: string,
  sources: ClaimSources,
  { threshold = 0 }: ClaimCheckOptions = {},
): UnsupportedClaim[] {
  const known = new Map(Object.entries(sources).map(([name, source]) => [name, toEvidence(source)]));
  return sentencesOf(text).flatMap((sentence): UnsupportedClaim[] => {
    const named = [...sentence.matchAll(CITATION)].map(([, name = ""]) => name);
    const cited = named.filter((name) => known.has(name));
    const evidence =
      cited.length === 0 ? [...known.values()] : cited.flatMap((name) => known.get(name) ?? []);
    const bare = sentence.replace(CITATION, " ");
    const find = (kind: UnsupportedClaim["kind"], parts: readonly string[]) =>
      parts.map((part) => ({ kind, text: part, sentence, sources: cited }));
    return [
      ...find(
        "citation",
        named.filter((name) => !known.has(name)),
      ),
      ...find("quotation", missingQuotations(bare, evidence)),
      ...find("number", missingNumbers(bare.replace(QUOTATION, " "), evidence)),
      ...find("words", cited.length > 0 && shareOfWords(bare, evidence) < threshold ? [bare.trim()] : []),
    ];
  });
}

/**
 * Creates a check for `executor.checkOutput`: the step is `unexpected` if what it wrote claims something that its
 * sources do not say. The function says which text is meant and what its sources are; it may read them anew.
 */
export function createClaimCheck<Call>(
  read: (output: JsonValue, call: Call, requester: Requester) => ClaimedText | Promise<ClaimedText>,
): (output: JsonValue, call: Call, requester: Requester) => Promise<string | undefined> {
  return async (output, call, requester) => {
    const { text, sources, threshold } = await read(output, call, requester);
    const claims = checkClaims(text, sources, { threshold });
    return claims.length === 0 ? undefined : describeClaims(claims);
  };
}

function describeClaims(claims: readonly UnsupportedClaim[]): string {
  const named = claims.slice(0, MAX_NAMED).map(({ kind, text, sentence, sources }) => {
    const where = sources.length === 0 ? "any source" : sources.join(" or ");
    const what = {
      citation: `there is no source [${text}]`,
      words: `too few of its words stand in ${where}`,
      number: `the number “${text}” does not stand in ${where}`,
      quotation: `the quotation “${text}” does not stand in ${where}`,
    };
    return `${what[kind]} (${cutText(sentence, SENTENCE_BYTES)})`;
  });
  const more = claims.length > MAX_NAMED ? `; and ${claims.length - MAX_NAMED} more` : "";
  return `${claims.length} claims have no support: ${named.join("; ")}${more}`;
}

/** A full stop ends a sentence if a capital or a digit follows. Citations behind it still belong to the sentence. */
function sentencesOf(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) => line.replace(LIST_MARK, "").replace(/\s+/g, " ").trim().split(SENTENCE_END))
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** What is compared of a source. It is worked out once. */
interface Evidence {
  readonly plain: string;
  readonly quantities: readonly Quantity[];
  readonly stems: ReadonlySet<string>;
}

function toEvidence(text: string): Evidence {
  return { plain: toPlain(text), quantities: quantitiesOf(text), stems: stemsOf(text) };
}

function missingQuotations(sentence: string, evidence: readonly Evidence[]): string[] {
  return [...sentence.matchAll(QUOTATION)]
    .map((match) => match.slice(1).find((group) => group !== undefined) ?? "")
    .filter((quotation) => !evidence.some(({ plain }) => plain.includes(toPlain(quotation))));
}

/** Spaces, and marks that typesetters change, do not make another quotation. */
function toPlain(text: string): string {
  return toComposed(text)
    .replace(/[“”„«»"‘’'*_`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

function missingNumbers(sentence: string, evidence: readonly Evidence[]): string[] {
  return quantitiesOf(sentence)
    .filter((number) => !number.isVague)
    .filter(
      (number) =>
        !evidence.some(({ quantities }) => quantities.some((other) => isSameQuantity(number, other))),
    )
    .map(({ text }) => text);
}

function shareOfWords(sentence: string, evidence: readonly Evidence[]): number {
  const wanted = [...stemsOf(sentence)];
  const found = wanted.filter((stem) => evidence.some(({ stems }) => stems.has(stem)));
  return wanted.length === 0 ? 1 : found.length / wanted.length;
}

/** The first letters of the longer words. Endings and little words do not count. */
function stemsOf(text: string): Set<string> {
  // Marks go first, because taking many of them apart takes quadratic time.
  const plain = text.replace(/\p{M}/gu, "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return new Set((plain.match(/\p{L}{4,}/gu) ?? []).map((word) => word.slice(0, 6)));
}
