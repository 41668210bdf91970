import type { PastStep, PlaybookMove, PlaybookStep } from "langgraph-plan-execute";
import type { ResearchGoal, Topic } from "./read-goal.js";
import { DEFAULT_LIMIT, searchToolName } from "./search-tools.js";

/** A search of the plan: the step that makes it, and the topic that it is for. */
export interface PlannedSearch {
  readonly id: string;
  readonly topic: number;
}

/** How the steps from the findings to the answer are to be. */
export interface ClosingOptions {
  /** What is done about topics of which nothing was found. */
  readonly missing: "refuse" | "list";
  readonly notes?: readonly string[];
}

/** What is told of a report beside the goal. */
export interface ReportOptions {
  readonly verdicts: string[];
  readonly searches: string[];
  readonly notes: string[];
  readonly unsupported: "refuse" | "list";
}

/** The first plan: a search for each topic with each provider, side by side, and what follows. */
export function toPlan(goal: ResearchGoal): PlaybookMove {
  const finds = goal.topics.flatMap((topic, at) =>
    goal.settings.providers.map(
      (provider): PlaybookStep => ({
        id: `find-${at + 1}${goal.settings.providers.length === 1 ? "" : `-${provider}`}`,
        description: `Search ${provider} for ${plain(topic.query)}`,
        tool: searchToolName(provider),
        args: { query: plain(topic.query), limit: breadthOf(goal) },
      }),
    ),
  );
  const searches = finds.map(toSearch);
  return { steps: [...finds, ...toClosing(goal, searches, "", { missing: "refuse" })], answer: "report" };
}

/** From what was found to the answer. */
export function toClosing(
  goal: ResearchGoal,
  searches: readonly PlannedSearch[],
  suffix: string,
  { missing, notes = [] }: ClosingOptions,
): PlaybookStep[] {
  const { limit, threshold } = goal.settings;
  const claims = `claims${suffix}`;
  const all = searches.map(({ id }) => `{{${id}}}`);
  return [
    {
      id: claims,
      description: "Draft the claims that answer it",
      tool: "draft_claims",
      args: { topics: goal.topics.map((topic, at) => toDraft(topic, at, searches)), limit, missing },
    },
    {
      id: `check${suffix}`,
      description: "Check each claim against its source",
      forEach: `{{${claims}.claims}}`,
      tool: "check_claim",
      args: { claim: "{{item}}", threshold },
    },
    {
      id: `compare${suffix}`,
      description: "Compare what the sources say",
      tool: "compare_sources",
      args: { claims: `{{${claims}.claims}}`, searches: all, threshold },
    },
    toReport(goal, suffix, `report${suffix}`, {
      verdicts: [`{{check${suffix}}}`],
      searches: all,
      notes: [...notes],
      unsupported: "refuse",
    }),
  ];
}

function toDraft({ question }: Topic, at: number, searches: readonly PlannedSearch[]) {
  const own = searches.filter(({ topic }) => topic === at);
  return { question: plain(question), searches: own.map(({ id }) => `{{${id}}}`) };
}

/** The step that writes the answer. */
export function toReport(
  { question, settings }: ResearchGoal,
  suffix: string,
  id: string,
  rest: ReportOptions,
): PlaybookStep {
  return {
    id,
    description: settings.format === "briefing" ? "Write the briefing" : "Write the summary",
    tool: "write_report",
    args: {
      question: plain(question),
      relations: `{{compare${suffix}}}`,
      nothing: `{{claims${suffix}.nothing}}`,
      format: settings.format,
      threshold: settings.threshold,
      ...rest,
    },
  };
}

/** A search of the folder of documents for one topic. */
export function toDocumentSearch(goal: ResearchGoal, at: number, id: string, isLoose: boolean): PlaybookStep {
  const query = plain(goal.topics[at]?.query ?? "");
  const args = { query, limit: breadthOf(goal) };
  return isLoose
    ? {
        id,
        description: `Search the documents for ${query}, in other forms of the words`,
        tool: "search_documents",
        args: { ...args, loose: true },
      }
    : { id, description: `Search the documents for ${query}`, tool: "search_documents", args };
}

/** A step that searches, as what it is for. */
export function toSearch({ id = "" }: Pick<PlaybookStep | PastStep, "id">): PlannedSearch {
  return { id, topic: Number(/^find-(\d+)/.exec(id)?.[1] ?? 1) - 1 };
}

/** How much a search gives: more than an answer of few findings states, so that it is seen where others disagree. */
export function breadthOf({ settings }: ResearchGoal): number {
  return Math.max(DEFAULT_LIMIT, settings.limit);
}

/** Words of a goal as an argument: braces would be read as references. */
function plain(words: string): string {
  return words.replace(/[{}]+/g, " ").slice(0, 500);
}
