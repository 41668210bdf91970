import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import {
  ResearchError,
  relationSchema,
  type Search,
  searchesSchema,
  toSearches,
  type Verdict,
  verdictSchema,
} from "./finding.js";
import type { Library } from "./library.js";
import { toReport } from "./report-sections.js";
import { createReadSource, verifyRelation, verifyVerdict } from "./verify-sources.js";

const verdictsSchema = z.array(z.union([verdictSchema, z.array(verdictSchema.nullable()), z.null()]));

const schema = z.object({
  question: z.string().min(1).describe("The question, as it stands over the answer."),
  verdicts: verdictsSchema.describe(
    "What check_claim gave: {{id}} of the for-each step, or a list of several.",
  ),
  relations: z.array(relationSchema).default([]).describe("What compare_sources gave."),
  searches: searchesSchema.describe("All searches."),
  nothing: z.array(z.string()).default([]).describe("Questions of which nothing was found."),
  notes: z.array(z.string()).default([]).describe("What else the reader must know."),
  format: z.enum(["summary", "briefing"]).default("summary"),
  threshold: z.number().min(0).max(1).default(0.7),
  doubted: z
    .union([z.string().transform((text) => [text]), z.array(z.string())])
    .default([])
    .describe(
      "Ids of claims that an agent step found not to be supported, or text that names these and no others.",
    ),
  unsupported: z
    .enum(["refuse", "list"])
    .default("refuse")
    .describe(
      "What is done about claims below the threshold: fail, so that others can be searched, or list them as unsupported.",
    ),
});

/**
 * The tool that writes the answer. It takes nobody's word for a check: each claim is measured once more against the
 * passage that is cited for it, as it is now.
 */
export function createWriteReport(library: Library): StructuredToolInterface {
  return tool((given: z.infer<typeof schema>) => writeReport(given, library), {
    name: "write_report",
    description:
      "Writes the answer with numbered citations out of checked claims: an executive summary or a full briefing. Fails where a claim is below the threshold, unless these are to be listed.",
    schema,
    metadata: { readOnly: true },
  });
}

async function writeReport(given: z.infer<typeof schema>, library: Library): Promise<string> {
  const { threshold, format, question, nothing } = given;
  const readSource = createReadSource(library, given.searches);
  const doubted = new Set(given.doubted.join(" ").split(/[^\w-]+/));
  const checks = given.verdicts.flat().filter((verdict) => verdict !== null);
  const verified = await Promise.all(
    checks.map((verdict) => verifyVerdict(verdict, threshold, doubted, readSource)),
  );
  const verdicts = bestByClaim(verified.filter((verdict) => verdict !== undefined));
  const failed = verdicts.filter(({ unsupported }) => unsupported);
  if (failed.length > 0 && given.unsupported === "refuse") {
    throw new ResearchError(describeFailed(failed, verdicts.length, threshold));
  }
  const related = given.relations.map((relation) =>
    verifyRelation(relation, verdicts, threshold, readSource),
  );
  const relations = (await Promise.all(related)).filter((relation) => relation !== undefined);
  const searches = toSearches(given.searches);
  const notes = [
    ...given.notes,
    ...new Set(searches.flatMap((search) => search.unreadable ?? []).map((file) => `Not read: ${file}.`)),
    ...(verified.includes(undefined)
      ? ["A passage is not there any more; what was said in it was left out."]
      : []),
  ];
  const searched = searches.map(describeSearch);
  return toReport({ question, threshold, verdicts, relations, nothing, notes, searched }, format);
}

function describeSearch({ query, provider, findings, loose = false }: Search): string {
  return `${provider} for “${query}”${loose ? " by the beginnings of words" : ""} (${findings.length} found)`;
}

/** One verdict for each claim: a supported one, else the first, which is that of its own source. */
function bestByClaim(verdicts: readonly Verdict[]): Verdict[] {
  const byClaim = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const known = byClaim.get(verdict.claim.id);
    if (known === undefined || (known.unsupported && !verdict.unsupported)) {
      byClaim.set(verdict.claim.id, verdict);
    }
  }
  return [...byClaim.values()];
}

function describeFailed(failed: readonly Verdict[], count: number, threshold: number): string {
  const named = failed.map(({ claim, reason }) => `${claim.id} “${claim.text}” (${reason})`);
  return `${failed.length} of ${count} claims are below the threshold of ${threshold}: ${named.join("; ")}. Search for each with other words, check it against what is found elsewhere, and write the report with unsupported: "list".`;
}
