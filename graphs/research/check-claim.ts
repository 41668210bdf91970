import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import {
  type Claim,
  claimSchema,
  type Finding,
  findingsOf,
  searchesSchema,
  type Verdict,
} from "./finding.js";
import { isInstruction } from "./is-instruction.js";
import type { Library } from "./library.js";
import { measureSupport, type Support } from "./measure-support.js";
import { withoutQuantities } from "./quantities.js";
import { sentencesOf } from "./sentences.js";
import { isStopWord, wordsOf } from "./words.js";

const schema = z.object({
  claim: claimSchema,
  threshold: z.number().min(0).max(1).default(0.7).describe("The least support, 0 to 1."),
  elsewhere: searchesSchema
    .optional()
    .describe(
      "What searches for the claim gave. Given: it is checked against these, and no more against its own source.",
    ),
});

/** The tool that checks one claim against its source, or against what else was found. */
export function createCheckClaim(library: Library): StructuredToolInterface {
  const check = async ({ claim, threshold, elsewhere }: z.infer<typeof schema>): Promise<Verdict> => {
    const sources =
      elsewhere === undefined
        ? await sourcesOf(claim, library)
        : await others(claim, findingsOf(elsewhere), library);
    const best = sources
      .map((source) => ({ source, support: measureSupport(claim.text, source) }))
      .reduce<Checked | undefined>(
        (top, next) => (top === undefined || isBetter(next, top) ? next : top),
        undefined,
      );
    const score = best?.support.score ?? 0;
    const unsupported = score < threshold;
    return {
      claim,
      score,
      threshold,
      unsupported,
      reason: unsupported ? whyNot(claim, best, elsewhere !== undefined) : "",
      ...(best === undefined ? {} : { source: best.source }),
      quote: best?.support.quote ?? "",
      otherWords: otherWordsFor(claim),
    };
  };
  return tool(check, {
    name: "check_claim",
    description:
      "Checks a claim against the passage or document that it cites: the share of its words that the passage has, and every number. Gives { claim, score, threshold, unsupported, reason, source, quote, otherWords }.",
    schema,
    metadata: { readOnly: true },
  });
}

interface Checked {
  readonly source: Finding;
  readonly support: Support;
}

function isBetter({ support: one }: Checked, { support: other }: Checked): boolean {
  return one.score > other.score || (one.score === other.score && one.words > other.words);
}

/** The passages that a claim cites, as they are now: files are read again, pages of the web are as they were found. */
async function sourcesOf(claim: Claim, library: Library): Promise<Finding[]> {
  if (claim.saidIn.provider !== "documents" && claim.source === claim.saidIn.id) {
    return [claim.saidIn];
  }
  return library.passages(claim.source);
}

/** Passages of other documents than those that make the claim; what only repeats another source is no evidence. */
async function others(claim: Claim, found: readonly Finding[], library: Library): Promise<Finding[]> {
  const cited = (await library.passages(claim.source)).map(({ document }) => document);
  const own = new Set([claim.saidIn.document, ...cited]);
  return found.filter(({ document }) => !own.has(document)).flatMap((finding) => firstHand(finding) ?? []);
}

/** A passage without the sentences that cite others or give instructions; undefined where nothing is left. */
export function firstHand(finding: Finding): Finding | undefined {
  const kept = sentencesOf(finding.text).filter(
    ({ text, cites }) => cites.length === 0 && !isInstruction(text),
  );
  return kept.length === 0 ? undefined : { ...finding, text: kept.map(({ text }) => text).join("\n\n") };
}

function whyNot(claim: Claim, best: Checked | undefined, isElsewhere: boolean): string {
  if (best === undefined) {
    return isElsewhere ? "no other source speaks of it" : `its source ${claim.source} is not there`;
  }
  const { missing } = best.support;
  const what = missing.length === 0 ? "" : `: nothing there of ${missing.join(", ")}`;
  return `its support in ${best.source.id} is ${best.support.score}${what}`;
}

/** A claim's words without its numbers: another source may give another number, and is to be found all the same. */
function otherWordsFor({ text }: Claim): string {
  const words = wordsOf(withoutQuantities(text)).filter((word) => !isStopWord(word));
  return (words.length === 0 ? text : words.join(" ")).slice(0, 300);
}
