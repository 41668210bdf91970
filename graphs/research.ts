// Research: searches documents (and the network, if it is told to), takes claims from what it finds, checks each
// against its source, compares the sources, and writes a summary or a briefing with citations. It changes nothing
// anywhere, so nothing waits for a person unless `approval` says so.
import {
  createPlanExecuteAgent,
  type PlanExecuteAgent,
  type PlanExecuteOptions,
  type SearchProvider,
  type SearchToolOptions,
} from "langgraph-plan-execute";
import { createCheckClaim } from "./research/check-claim.js";
import { createCompareSources } from "./research/compare-sources.js";
import { createDraftClaims } from "./research/draft-claims.js";
import { createLibrary } from "./research/library.js";
import { createPlaybook } from "./research/playbook.js";
import { resolveSettings } from "./research/resolve-settings.js";
import { createDocumentSearch, createProviderSearch } from "./research/search-tools.js";
import { createWriteReport } from "./research/write-report.js";
import { type FieldGraphOptions, takeFolders } from "./shared/folders.js";
import { mergeOptions } from "./shared/merge-options.js";

/** What the research graph takes. `data` is the folder of documents, which are Markdown and text. */
export interface ResearchOptions extends FieldGraphOptions {
  /** Where to search. @default PLAN_EXECUTE_RESEARCH_PROVIDERS, separated by commas, else the documents */
  readonly providers?: readonly ("documents" | SearchProvider)[];
  /** Each provider's own options. @default none */
  readonly search?: Partial<SearchToolOptions>;
  /** The maximum number of findings in an answer, 1 to 25. @default 8 */
  readonly limit?: number;
  /** The minimum support that a claim needs from its source, 0 to 1. @default 0.7 */
  readonly threshold?: number;
  /** How the answer is written. @default "summary" */
  readonly format?: "summary" | "briefing";
}

const INSTRUCTIONS = `Answer only from what was found, with citations. The usual plan:
1. search_* for each sub-question, side by side; for a comparison one search for each subject and aspect.
2. draft_claims with a topic for each sub-question and its searches.
3. check_claim with forEach {{<claims>.claims}} and claim {{item}}; compare_sources beside it.
4. write_report with the checks as verdicts; its output is the answer.
For claims in your own words: an agent step that reads the searches and answers with one claim a line and the id of its finding at the end, [file.md#L3]; give its output to draft_claims as written. For a reader's judgement beside the measure: an agent step that compares each claim of the checks with its quote and answers with the ids of those that are not supported and nothing else; give its output to write_report as doubted.
Where write_report fails for claims without support: search for these again (forEach over the checks, if {{item.unsupported}}, query {{item.otherWords}}), check them with elsewhere, and write the report with unsupported "list". Where draft_claims found nothing: search with other words, then draft with missing "list".`;

/** The research agent on a folder of documents, and whatever else is set. */
export function createGraph(given: ResearchOptions = {}): PlanExecuteAgent {
  const { providers, limit, threshold, format, search, ...rest } = given;
  const settings = resolveSettings({ providers, limit, threshold, format }, process.env);
  const { data, options } = takeFolders("research", rest);
  const library = createLibrary(data);
  const own: PlanExecuteOptions = {
    tools: [
      createDocumentSearch(library),
      ...settings.services.map((provider) => createProviderSearch(provider, search)),
      createDraftClaims(),
      createCheckClaim(library),
      createCompareSources(),
      createWriteReport(library),
    ],
    planner: { instructions: INSTRUCTIONS },
    replanner: { instructions: INSTRUCTIONS },
    offline: { playbook: createPlaybook(settings) },
  };
  return createPlanExecuteAgent(mergeOptions(own, options));
}

/** What langgraph.json names. */
export const graph: PlanExecuteAgent = createGraph();
