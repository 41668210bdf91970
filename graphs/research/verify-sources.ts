// Nothing that is handed to the report is taken at its word: who makes the arguments is a model, or a person who edits a
// plan. Each source is read again where it stands, and each claim and relation is measured against it once more.

import type { z } from "zod";
import { type Finding, findingsOf, type Relation, type searchesSchema, type Verdict } from "./finding.js";
import type { Library } from "./library.js";
import { measureSupport } from "./measure-support.js";
import { sentencesOf } from "./sentences.js";

/** Gives a passage as it is now; undefined where it is not there. */
export type ReadSource = (source: Finding) => Promise<Finding | undefined>;

/** Reads passages in the folder of documents and, for those of the network, in what was found. */
export function createReadSource(library: Library, searches: z.infer<typeof searchesSchema>): ReadSource {
  const found = new Map(findingsOf(searches).map((finding) => [finding.id, finding]));
  return async ({ id, provider }) => {
    if (provider !== "documents") {
      return found.get(id);
    }
    const passages = await library.passages(id);
    return passages.find((passage) => passage.id === id);
  };
}

/** A check made again; undefined where even the passage is gone in which the claim stood. */
export async function verifyVerdict(
  verdict: Verdict,
  threshold: number,
  doubted: ReadonlySet<string>,
  readSource: ReadSource,
): Promise<Verdict | undefined> {
  const { claim } = verdict;
  const saidIn = await readSource(claim.saidIn);
  if (saidIn === undefined) {
    return undefined;
  }
  const known = { ...verdict, claim: { ...claim, saidIn }, threshold };
  const source = verdict.source === undefined ? undefined : await readSource(verdict.source);
  if (source === undefined) {
    const reason = verdict.reason || `its source ${verdict.source?.id ?? claim.source} is not there`;
    return { ...known, score: 0, unsupported: true, reason, source, quote: "" };
  }
  const { score, quote } = measureSupport(claim.text, source);
  const checked = { ...known, score, quote, source };
  if (score < threshold) {
    return {
      ...checked,
      unsupported: true,
      reason: verdict.reason || `its support in ${source.id} is ${score}`,
    };
  }
  if (doubted.has(claim.id)) {
    return { ...checked, unsupported: true, reason: `who read ${source.id} doubts it` };
  }
  return { ...checked, unsupported: false, reason: "" };
}

/** A relation as it is now; undefined where the other source does not say so. */
export async function verifyRelation(
  relation: Relation,
  verdicts: readonly Verdict[],
  threshold: number,
  readSource: ReadSource,
): Promise<Relation | undefined> {
  const source = await readSource(relation.source);
  const claim = verdicts.find((verdict) => verdict.claim.id === relation.claim)?.claim;
  if (source === undefined || claim === undefined) {
    return undefined;
  }
  const isSo =
    relation.kind === "agrees"
      ? measureSupport(claim.text, source).score >= threshold
      : sentencesOf(source.text).some(({ text }) => text === relation.says);
  return isSo ? { ...relation, source } : undefined;
}
