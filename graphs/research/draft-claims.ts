import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import { type Claim, type Finding, findingsOf, ResearchError, searchesSchema } from "./finding.js";
import { isInstruction } from "./is-instruction.js";
import { isSameQuantity, quantitiesOf } from "./quantities.js";
import { readWrittenClaims, writtenClaimsSchema } from "./read-written-claims.js";
import { DEFAULT_LIMIT, MAX_LIMIT } from "./search-tools.js";
import { type Sentence, sentencesOf } from "./sentences.js";
import { knownNames } from "./statements.js";
import { shareIn, stem, stemsOf, wordsOf } from "./words.js";

const LEAST_RELEVANCE = 0.5;
const LONGEST_CLAIM = 500;
const ASKS_FOR_NUMBER =
  /\b(?:how (?:many|much|long|high|tall|far|old|large|big|deep|wide|often)|when|what year|number of)\b/i;

const schema = z.object({
  topics: z
    .array(
      z.object({
        question: z.string().min(1).describe("What was asked."),
        searches: searchesSchema.describe("What the searches for it gave: {{id}} or a list of these."),
      }),
    )
    .min(1),
  limit: z.int().min(1).max(MAX_LIMIT).default(DEFAULT_LIMIT).describe("The most claims, over all topics."),
  written: writtenClaimsSchema
    .optional()
    .describe(
      "Claims in an agent's own words, instead of sentences of the documents: one a line, the id of its finding at the end in square brackets.",
    ),
  missing: z
    .enum(["refuse", "list"])
    .default("refuse")
    .describe("What is done about a topic of which nothing was found: fail, or go on and list it."),
});

/** A sentence that may become a claim. */
interface Candidate {
  readonly finding: Finding;
  readonly sentence: Sentence;
  readonly rank: number;
}

/** The tool that makes claims of findings: the sentences that answer the questions best, each with its source. */
export function createDraftClaims(): StructuredToolInterface {
  return tool(draftClaims, {
    name: "draft_claims",
    description:
      "Takes out of findings the sentences that answer each question best, as claims with their sources. A sentence that names a file as its source cites that file. Gives { claims: [{ id, text, question, source }], nothing: [questions] }.",
    schema,
    metadata: { readOnly: true },
  });
}

function draftClaims({ topics, limit, missing, written }: z.infer<typeof schema>): {
  claims: Claim[];
  nothing: string[];
} {
  const found = topics.map(({ question, searches }) => ({ question, findings: findingsOf(searches) }));
  if (written !== undefined) {
    const claims = readWrittenClaims(written, found).slice(0, limit);
    const nothing = found.filter(({ question }) => !claims.some((claim) => claim.question === question));
    return {
      claims: claims.map((claim, at) => ({ ...claim, id: `c${at + 1}` })),
      nothing: nothing.map(({ question }) => question),
    };
  }
  const ranked = found.map(({ question, findings }) => ({ question, candidates: rank(question, findings) }));
  const nothing = ranked.filter(({ candidates }) => candidates.length === 0).map(({ question }) => question);
  if (nothing.length > 0 && missing === "refuse") {
    throw new ResearchError(
      `Nothing was found on: ${nothing.join("; ")}. Search for it with other words or in another place, or draft with missing: "list".`,
    );
  }
  const claims: Claim[] = [];
  const add = (question: string, { finding, sentence }: Candidate) => {
    if (claims.length >= limit || claims.some(({ text }) => isSameStatement(text, sentence.text))) {
      return;
    }
    const [cited] = finding.provider === "documents" ? sentence.cites.filter(isNotOwn(finding)) : [];
    claims.push({
      id: `c${claims.length + 1}`,
      text: sentence.text,
      question,
      source: cited ?? finding.id,
      saidIn: finding,
    });
  };
  const rounds = Math.max(...ranked.map(({ candidates }) => candidates.length));
  for (let round = 0; round < rounds; round++) {
    for (const { question, candidates } of ranked) {
      const candidate = candidates[round];
      if (candidate !== undefined) {
        add(question, candidate);
      }
    }
  }
  return { claims, nothing };
}

/** Sentences that answer a question: first the best of each finding, in the findings' order, then the next ones. */
function rank(question: string, findings: readonly Finding[]): Candidate[] {
  const wanted = stemsOf(question);
  const wantsNumber = ASKS_FOR_NUMBER.test(question);
  const names = knownNames([
    question,
    ...findings.flatMap((finding) => sentencesOf(finding.text).map(toText)),
  ]);
  const nameStems = new Set([...names].map(stem));
  const aspects = new Set([...wanted].filter((word) => !nameStems.has(word)));
  const byFinding = findings.map((finding) => {
    const { title, section = "" } = finding;
    return sentencesOf(finding.text)
      .filter(({ text }) => text.length <= LONGEST_CLAIM && !isInstruction(text) && !text.endsWith("?"))
      .flatMap((sentence): Candidate[] => {
        const own = shareIn(wanted, stemsOf(sentence.text));
        const words = stemsOf(`${sentence.text} ${title} ${section}`);
        const whole = shareIn(wanted, words);
        // What has nothing but the name of what was asked about says something else of it.
        const isOnAspect = aspects.size === 0 || shareIn(aspects, words) > 0;
        // A sentence without a word of the question can only answer it under a title that says all of it.
        if (own === 0 && shareIn(wanted, stemsOf(`${title} ${section}`)) < 1) {
          return [];
        }
        if (own > 0 && !isOnSubject(sentence.text, question, names)) {
          return [];
        }
        if (whole < LEAST_RELEVANCE || !isOnAspect) {
          return [];
        }
        const number = wantsNumber && quantitiesOf(sentence.text).length > 0 ? 0.5 : 0;
        return [{ finding, sentence, rank: own + whole + number }];
      })
      .sort((one, other) => other.rank - one.rank)
      .filter(({ sentence }, at) => at === 0 || shareIn(wanted, stemsOf(sentence.text)) >= LEAST_RELEVANCE);
  });
  const longest = Math.max(0, ...byFinding.map((candidates) => candidates.length));
  return Array.from({ length: longest }, (_, at) =>
    byFinding.flatMap((candidates) => candidates[at] ?? []),
  ).flat();
}

function toText({ text }: Sentence): string {
  return text;
}

/** Whether a sentence does not speak of somebody else: it has a name that was not asked for, and lacks one that was. */
function isOnSubject(sentence: string, question: string, names: ReadonlySet<string>): boolean {
  const asked = wordsOf(question).filter((word) => names.has(word));
  const named = wordsOf(sentence).filter((word) => names.has(word));
  return asked.every((name) => named.includes(name)) || named.every((name) => asked.includes(name));
}

function isNotOwn({ document }: Finding): (name: string) => boolean {
  return (name) => !`/${document}`.endsWith(`/${name}`);
}

/** Whether two sentences say the same in nearly the same words. */
function isSameStatement(one: string, other: string): boolean {
  const [stems, others] = [stemsOf(one), stemsOf(other)];
  if (Math.min(shareIn(stems, others), shareIn(others, stems)) < 0.8) {
    return false;
  }
  const [numbers, otherNumbers] = [quantitiesOf(one), quantitiesOf(other)];
  return (
    numbers.length === otherNumbers.length &&
    numbers.every((number) => otherNumbers.some((given) => isSameQuantity(number, given)))
  );
}
