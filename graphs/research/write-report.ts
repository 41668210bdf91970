import { type StructuredToolInterface, tool } from "@langchain/core/tools";
import { z } from "zod";
import {
  ResearchError,
  relationSchema,
  searchesSchema,
  toSearches,
  type Verdict,
  verdictSchema,
} from "./finding.js";
import { toReport } from "./report-sections.js";

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
  unsupported: z
    .enum(["refuse", "list"])
    .default("refuse")
    .describe(
      "What is done about claims below the threshold: fail, so that others can be searched, or list them as unsupported.",
    ),
});

/** The tool that writes the answer. It states nothing that was not checked, and fails where a claim is not supported. */
export function createWriteReport(): StructuredToolInterface {
  return tool(writeReport, {
    name: "write_report",
    description:
      "Writes the answer with numbered citations out of checked claims: an executive summary or a full briefing. Fails where a claim is below the threshold, unless these are to be listed.",
    schema,
    metadata: { readOnly: true },
  });
}

function writeReport(given: z.infer<typeof schema>): string {
  const { threshold, format, question, relations, nothing } = given;
  const verdicts = latest(given.verdicts.flat().filter((verdict) => verdict !== null)).map(
    (verdict): Verdict => ({ ...verdict, threshold, unsupported: verdict.score < threshold }),
  );
  const failed = verdicts.filter(({ unsupported }) => unsupported);
  if (failed.length > 0 && given.unsupported === "refuse")
    throw new ResearchError(describe(failed, verdicts.length, threshold));
  const searches = toSearches(given.searches);
  const unreadable = [...new Set(searches.flatMap((search) => search.unreadable ?? []))];
  const searched = searches.map(
    ({ query, provider, findings, loose = false }) =>
      `${provider} for “${query}”${loose ? " by the beginnings of words" : ""} (${findings.length} found)`,
  );
  const notes = [...given.notes, ...unreadable.map((file) => `Not read: ${file}.`)];
  return toReport({ question, threshold, verdicts, relations, nothing, notes, searched }, format);
}

/** One verdict for each claim: the supported one with the highest score; else the first, which is that of its own source. */
function latest(verdicts: readonly Verdict[]): Verdict[] {
  const byClaim = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const known = byClaim.get(verdict.claim.id);
    if (known === undefined || (known.unsupported && !verdict.unsupported))
      byClaim.set(verdict.claim.id, verdict);
  }
  return [...byClaim.values()];
}

function describe(failed: readonly Verdict[], count: number, threshold: number): string {
  const named = failed.map(({ claim, reason }) => `${claim.id} “${claim.text}” (${reason})`);
  return `${failed.length} of ${count} claims are below the threshold of ${threshold}: ${named.join("; ")}. Search for each with other words, check it against what is found elsewhere, and write the report with unsupported: "list".`;
}
