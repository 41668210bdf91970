import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import { firstHand } from "./check-claim.js";
import { type Claim, claimSchema, findingsOf, type Relation, searchesSchema } from "./finding.js";
import { measureSupport } from "./measure-support.js";
import { sentencesOf } from "./sentences.js";
import { differenceOf, knownNames } from "./statements.js";

const schema = z.object({
  claims: z.array(claimSchema).describe("The claims, {{id.claims}} of draft_claims."),
  searches: searchesSchema.describe("All that was found."),
  threshold: z.number().min(0).max(1).default(0.7).describe("The least support that counts as agreement."),
});

/** The tool that says which other sources agree with a claim, and which say something else. */
export function createCompareSources(): StructuredToolInterface {
  return tool(compareSources, {
    name: "compare_sources",
    description:
      'Compares each claim with the other documents found: who agrees, who gives other numbers, who denies it. Gives [{ claim, kind: "agrees" | "other numbers" | "denies", source, says }].',
    schema,
    metadata: { readOnly: true },
  });
}

function compareSources({ claims, searches, threshold }: z.infer<typeof schema>): Relation[] {
  const findings = findingsOf(searches).flatMap((finding) => {
    const evidence = firstHand(finding);
    return evidence === undefined ? [] : [{ finding, evidence, sentences: sentencesOf(evidence.text) }];
  });
  const names = knownNames([
    ...claims.map(({ text }) => text),
    ...findings.flatMap(({ sentences }) => sentences.map(({ text }) => text)),
  ]);
  const relationsOf = (claim: Claim): Relation[] =>
    findings
      .filter(({ finding }) => finding.document !== claim.saidIn.document && finding.id !== claim.source)
      .flatMap(({ finding, evidence, sentences }): Relation[] => {
        const support = measureSupport(claim.text, evidence);
        if (support.score >= threshold) {
          return [{ claim: claim.id, kind: "agrees", source: finding, says: support.quote }];
        }
        for (const { text } of sentences) {
          const kind = differenceOf(claim, text, names);
          if (kind !== undefined) {
            return [{ claim: claim.id, kind, source: finding, says: text }];
          }
        }
        return [];
      });
  return claims.flatMap(relationsOf);
}
