// What the rule-based model knows of research. A plan searches for each topic with each provider side by side, drafts
// claims, checks each one, compares the sources meanwhile, and writes the answer. Three things change a plan: a search
// that failed (the folder of documents takes its place), a topic of which nothing was found (it is searched with other
// words), and a claim that its source does not support (it is searched elsewhere, and else listed as unsupported).
import type { PastStep, Playbook, PlaybookMove, PlaybookRequest } from "langgraph-plan-execute";
import { z } from "zod";
import { breadthOf, toClosing, toDocumentSearch, toPlan, toReport, toSearch } from "./plan-steps.js";
import { type AnswerSettings, type ResearchGoal, readGoal, readSettings } from "./read-goal.js";

const REMARK = /A person says: (.*)/s;
const notesSchema = z.object({ notes: z.array(z.string()).catch([]) });
const searchSchema = z.object({ findings: z.array(z.unknown()) });

/** The rules for research with these settings, where a goal says nothing else. */
export function createPlaybook(defaults: AnswerSettings): Playbook {
  return (request) => {
    const earlier = request.conversation.filter(({ from }) => from === "person").map(({ text }) => text);
    const read = readGoal(request.goal, defaults, earlier);
    if (read === undefined) {
      return undefined;
    }
    const said = `${request.feedback ?? ""}\n${REMARK.exec(request.why)?.[1] ?? ""}`;
    const settings = { ...read.settings, ...readSettings(said, defaults.providers) };
    if (read.refused.length > 0) {
      return { text: read.refused.join(" ") };
    }
    const goal = { ...read, settings };
    return request.kind === "plan" ? toPlan(goal) : replan(goal, request);
  };
}

function replan(
  goal: ResearchGoal,
  { pastSteps, remaining, why }: PlaybookRequest,
): PlaybookMove | undefined {
  const last = (kind: string) => pastSteps.findLast(({ id }) => id === kind || id.startsWith(`${kind}-`));
  const finds = pastSteps.filter(({ id }) => id.startsWith("find-"));
  const done = finds.filter(({ status }) => status === "done");
  const failed = finds.filter(({ status }) => status === "failed");
  const [report, claims] = [last("report"), last("claims")];
  if (report?.status === "failed" && report.args?.unsupported === "refuse") {
    return searchElsewhere(goal, report, done);
  }
  if (claims?.status === "failed" && claims.args?.missing === "refuse") {
    return searchAgain(goal, done, failed);
  }
  const open = remaining.filter(({ id = "" }) => id.startsWith("find-"));
  if (claims === undefined && failed.length > 0) {
    return searchInstead(goal, [...done, ...open].map(toSearch), failed, open);
  }
  if (REMARK.test(why) && report === undefined && done.length > 0) {
    const suffix = `-${pastSteps.length}`;
    const closing = toClosing(goal, [...done, ...open].map(toSearch), suffix, { missing: "list" });
    return { steps: [...open, ...closing], answer: `report${suffix}` };
  }
  const isHealthy = pastSteps.every(({ status }) => status === "done" || status === "skipped");
  if (isHealthy && remaining.length > 0) {
    return { steps: remaining, answer: remaining.at(-1)?.id };
  }
  return undefined;
}

/** A service that cannot be asked: the folder of documents takes its place, and the answer says so. */
function searchInstead(
  goal: ResearchGoal,
  searches: readonly ReturnType<typeof toSearch>[],
  failed: readonly PastStep[],
  open: PlaybookRequest["remaining"],
): PlaybookMove {
  const notes = notesOf(failed);
  const hasFolder = !failed.some(({ tool }) => tool === "search_documents");
  if (!hasFolder && searches.length === 0) {
    return { text: `Nothing could be searched. ${notes.join(" ")}` };
  }
  const covered = new Set(searches.map(({ topic }) => topic));
  const missing = goal.topics.map((_, at) => at).filter((at) => hasFolder && !covered.has(at));
  const instead = missing.map((at) => toDocumentSearch(goal, at, `find-${at + 1}-instead`, false));
  const closing = toClosing(goal, [...searches, ...instead.map(toSearch)], "", { missing: "refuse", notes });
  return { steps: [...open, ...instead, ...closing], answer: "report" };
}

/** Topics of which nothing was found, once more with other words: beginnings of words count. */
function searchAgain(
  goal: ResearchGoal,
  done: readonly PastStep[],
  failed: readonly PastStep[],
): PlaybookMove {
  const found = new Set(done.filter(hasFindings).map((step) => toSearch(step).topic));
  const topics = goal.topics.map((_, at) => at);
  const missing = topics.filter((at) => !found.has(at));
  // What was found of all topics says nothing of them: all are searched again.
  const again = (missing.length === 0 ? topics : missing).map((at) =>
    toDocumentSearch(goal, at, `find-${at + 1}-again`, true),
  );
  const searches = [...done, ...again].map(toSearch);
  const closing = toClosing(goal, searches, "-again", { missing: "list", notes: notesOf(failed) });
  return { steps: [...again, ...closing], answer: "report-again" };
}

/** Claims that their source does not support: searched elsewhere, checked against that, and else listed as such. */
function searchElsewhere(goal: ResearchGoal, report: PastStep, done: readonly PastStep[]): PlaybookMove {
  const suffix = report.id.slice("report".length);
  const { threshold } = goal.settings;
  const [checks, elsewhere] = [`{{check${suffix}}}`, `elsewhere${suffix}`];
  return {
    steps: [
      {
        id: elsewhere,
        description: "Search for the claims that are not supported, with other words",
        forEach: checks,
        if: "{{item.unsupported}}",
        tool: "search_documents",
        args: { query: "{{item.otherWords}}", limit: breadthOf(goal), loose: true },
      },
      {
        id: `recheck${suffix}`,
        description: "Check these claims against what else was found",
        forEach: checks,
        if: "{{item.unsupported}}",
        tool: "check_claim",
        args: { claim: "{{item.claim}}", threshold, elsewhere: `{{${elsewhere}}}` },
      },
      toReport(goal, suffix, `final-report${suffix}`, {
        verdicts: [checks, `{{recheck${suffix}}}`],
        searches: [...done.map(({ id }) => `{{${id}}}`), `{{${elsewhere}}}`],
        notes: notesSchema.parse(report.args ?? {}).notes,
        unsupported: "list",
      }),
    ],
    answer: `final-report${suffix}`,
  };
}

/** Whether a search found anything; an output that was cut for its length did. */
function hasFindings({ output }: PastStep): boolean {
  const search = searchSchema.safeParse(output);
  return search.success ? search.data.findings.length > 0 : typeof output === "string";
}

function notesOf(failed: readonly PastStep[]): string[] {
  return failed.map(({ tool = "", error }) => {
    return `${tool.replace(/^search_/, "")} could not be searched: ${error?.message ?? "no reason was given"}`;
  });
}
