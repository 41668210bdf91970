import type { PipelineGoal } from "./pipeline-goal.js";
import { readConditions } from "./read-conditions.js";
import { readSummaries } from "./read-summaries.js";
import { nameList } from "./words.js";

const VERB =
  /\b(?:load|import|ingest|extract|etl|bring|copy|transfer|move|pipe|put|write|append|upsert|add|merge|replace)\b/i;
const FILE = `(?:the\\s+)?(?:(?:sqlite\\s+)?(?:database|file|warehouse)\\s+)?["'\`]?([\\w./\\\\-]+\\.(?:db|sqlite3?))\\b["'\`]?`;
const INTO_FILE = new RegExp(`\\b(?:into|onto|to)\\s+${FILE}`, "i");
const IN_FILE = new RegExp(`\\bin\\s+${FILE}`, "i");
const DATABASE =
  /\b(?:in|into|to)\s+(?:an?\s+|the\s+)?(?:sqlite\s+)?(?:(?:database|warehouse)(?:\s+(?:called|named))?\s+["'`]?([\w-]+)["'`]?|["'`]?([\w-]+)["'`]?\s+(?:database|warehouse)|(?:sqlite|database|warehouse))\b/i;
const REPORT = /["'`]?([\w./-]+\.md)["'`]?/i;

/** What a goal of the pipeline says; undefined where it is none. `earlier` are the person's words before it, oldest first. */
export function readGoal(text: string, earlier: readonly string[] = []): PipelineGoal | undefined {
  const goal = text.replace(/\s+/g, " ").trim();
  const verb = VERB.exec(goal);
  const asked = verb === null ? goal : goal.slice(verb.index + verb[0].length).trim();
  const target = verb === null ? undefined : findTarget(asked);
  const database = target?.database ?? findEarlierTarget(earlier);
  if (database === undefined) {
    return undefined;
  }
  const before = target === undefined ? asked : asked.slice(0, target.index).trim();
  const after = target === undefined ? "" : asked.slice(target.index + target.length);
  const figures = readSummaries(before.replace(/\b(?:from|out of)\s+.+$/i, ""));
  if (verb === null && figures.length === 0) {
    return undefined;
  }
  const loadsSources = figures.length === 0;
  const mode = modeOf(goal);
  const report = REPORT.exec(goal)?.[1];
  return {
    sources: loadsSources ? sourcesIn(before) : sourcesFrom(before),
    loadsSources,
    database,
    summaries: [...figures, ...readSummaries(after)],
    ...readConditions(`${before}. ${after}`),
    ...(mode !== undefined && { mode }),
    ...(report !== undefined && { report }),
    isStrict: STRICT.some((pattern) => pattern.test(goal)),
    checksReferences:
      /\b(?:check|enforce|verify|validate)\b[^.;]*\b(?:references|foreign keys|referential)/i.test(goal),
  };
}

const STRICT = [
  /\b(?:do not|don't|never|without|no) quarantin/i,
  /\b(?:fail|stop|abort) (?:if|on|at|when) (?:any |an? )?(?:bad|invalid|checks?)/i,
];

interface Target {
  readonly database: string;
  readonly index: number;
  readonly length: number;
}

function findTarget(asked: string): Target | undefined {
  const found = INTO_FILE.exec(asked) ?? IN_FILE.exec(asked) ?? DATABASE.exec(asked);
  if (found === null) {
    return undefined;
  }
  const [whole, first, second] = found;
  const name = first ?? second ?? "warehouse";
  const database = /\.(?:db|sqlite3?)$/i.test(name) ? name : `${name}.db`;
  return { database, index: found.index, length: whole.length };
}

/** "And add quantity by month": into what was loaded before. */
function findEarlierTarget(earlier: readonly string[]): string | undefined {
  return earlier.map((text) => INTO_FILE.exec(text)?.[1]).findLast((name) => name !== undefined);
}

/** The names between the verb and the target. */
function sourcesIn(text: string): string[] {
  const bare = text.replace(/\s*\b(?:where|with|joined|filtered|only)\b.*$/i, "").replace(/^only\s+/i, "");
  return nameList(bare);
}

/** The names behind "from", where figures are loaded and not the tables that they come of. */
function sourcesFrom(text: string): string[] {
  const from = /\b(?:from|out of)\s+(.+)$/i.exec(text)?.[1];
  return from === undefined ? [] : nameList(from);
}

function modeOf(goal: string): PipelineGoal["mode"] {
  if (/\b(?:replac(?:e|ing)|overwrit(?:e|ing)|truncat(?:e|ing)|from scratch)\b/i.test(goal)) {
    return "replace";
  }
  return /\bappend(?:ing)?\b/i.test(goal) ? "append" : undefined;
}
