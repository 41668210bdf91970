// What a goal in plain words asks of this graph: the topics to search for, and how the answer is to be.

import { stemsOf } from "./words.js";

/** What is searched for as one topic. */
export interface Topic {
  /** As the answer names it. */
  readonly question: string;
  /** The words that are searched for. */
  readonly query: string;
}

/** How the answer is to be. */
export interface AnswerSettings {
  readonly limit: number;
  readonly threshold: number;
  readonly format: "summary" | "briefing";
  /** Where to search, among what is set up. */
  readonly providers: readonly string[];
}

/** A goal, read. */
export interface ResearchGoal {
  /** The goal without the words on how the answer is to be. */
  readonly question: string;
  readonly topics: readonly Topic[];
  readonly settings: AnswerSettings;
  /** What the goal wants and cannot have, as sentences. */
  readonly refused: readonly string[];
}

const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const COUNT = `(\\d+|${NUMBER_WORDS.join("|")})`;
const KIND = "(?:findings?|results?|claims?|bullets?|sources?|points?|facts?|passages?)";
const AT_MOST = "(?:at (?:the )?most|no more than|not more than|up to|max(?:imum)?(?: of)?\\.?)";
/** A number alone is no limit: there are years, and things that are counted. */
const LIMIT = new RegExp(
  [
    `\\b(?:with |in |give me |list |show |and )*(?:${AT_MOST}|only|in|with) ${COUNT} ${KIND}\\b`,
    `\\b(?:with |and )*(?:an? )?limit(?:ed)?(?: of| to|:| =)? ?${COUNT}\\b(?: ${KIND}\\b)?`,
    `\\b${AT_MOST} ${COUNT}(?=\\s*(?:[,.;!?]|and\\b|with\\b|as\\b|$))`,
    `\\b(?:with |in |give me |list |show )?${COUNT} (?:findings?|results?|claims?|bullets?)\\b`,
  ].join("|"),
  "i",
);
const THRESHOLD =
  /\b(?:with |and |at |use )*(?:an? |the )?(?:fact[- ]check(?:ing)? )?threshold(?: of| at| to|:| is|=)?\s*(\d+(?:[.,]\d+)?)(\s?%)?/i;
const BRIEFING =
  /\b(?:as|in|into|write|give me|prepare|with|now)?\s*(?:an?|the)?\s*(?:full|detailed|complete|long)?\s*briefing(?: paper)?\b(?:\s+(?:on|about|of))?/i;
const SUMMARY =
  /\b(?:as|in|into|write|give me|prepare|with|now)?\s*(?:an?|the)?\s*(?:executive|short|brief)\s*summary\b(?:\s+(?:on|about|of))?/i;
const CITED = /\b(?:with|and)\s+(?:numbered\s+)?(?:citations|sources|references)\b/i;
const NAMES: Readonly<Record<string, RegExp>> = {
  documents: /\b(?:in|from|on|search) (?:the|my|our) (?:documents?|files?|folder|notes)\b/i,
  wikipedia: /\b(?:on|in|from|search|ask)?\s*wikipedia\b/i,
  arxiv: /\b(?:on|in|from|search|ask)?\s*arxiv\b/i,
  duckduckgo: /\b(?:on|with|from|search|ask)?\s*duckduckgo\b/i,
  searxng: /\b(?:on|with|from|search|ask)?\s*searxng\b/i,
  tavily: /\b(?:on|with|from|search|ask)?\s*tavily\b/i,
};
const OPENING =
  /^\s*(?:please\s+|now\s+|and\s+|then\s+|can you\s+|could you\s+)*(?:(?:do )?research(?: on| into| about)?|investigate|find out(?: about)?|look up|look into|search(?: for)?|summari[sz]e(?: what (?:is known|the (?:documents|sources|files) say))?(?: about| on| of)?|tell me(?: about)?|report(?: on| about)?|brief me on|fact[- ]check|what (?:is|do we) know(?:n)? (?:about|of|on)|what (?:do|does|can) (?:the )?(?:documents|sources|files|it|they) (?:say|tell)(?: us)? (?:about|on|of)|what about|check(?: whether| if)?)\b[:,]?\s*/i;
const QUESTION =
  /^\s*(?:and\s+|so\s+|but\s+)?(?:what|who|whom|whose|when|where|why|how|which|is|are|was|were|do|does|did|has|have|can|will)\b.*\?/is;
const COMPARES = /\b(?:compare|comparison|differences?|versus|vs\.?)\b/i;
/** What is for the general rules: arithmetic, dates, and what is said to the agent itself. */
const NOT_RESEARCH =
  /\d\s*[-+*/^×÷]\s*\d|\b(?:calculate|compute)\b|\b(?:what (?:time|day|date)|today'?s date)\b|\b(?:are|can|do) you\b|\b(?:write|save|delete|send|email)\b.*\b(?:file|to [\w./-]+\.\w+|mail)\b/i;
const MOST_TOPICS = 8;

/** Reads a goal; undefined where it asks for no research. `earlier` is what was asked before, for "the same as …". */
export function readGoal(
  goal: string,
  defaults: AnswerSettings,
  earlier: readonly string[] = [],
): ResearchGoal | undefined {
  const bare = stripSettings(goal, defaults.providers);
  const asksForForm = bare.text !== goal.trim();
  if (NOT_RESEARCH.test(goal)) {
    return undefined;
  }
  const isAsked = /\?\s*$/.test(bare.text) && stemsOf(bare.text).size > 1;
  const isOfField = isAsked || [OPENING, QUESTION, COMPARES].some((pattern) => pattern.test(bare.text));
  const subject = clean(bare.text);
  const isAlone =
    subject
      .replace(/\b(?:the same|that|this|it|again|same|instead|please|now|but|and|as|do)\b/gi, "")
      .trim() === "";
  const [before] = earlier.flatMap((said) => readGoal(said, defaults) ?? []).slice(-1);
  if (asksForForm && isAlone && before !== undefined) {
    return { ...before, settings: { ...before.settings, ...bare.settings }, refused: bare.refused };
  }
  if ((!isOfField && !asksForForm) || subject === "") {
    return undefined;
  }
  const settings = { ...defaults, ...bare.settings };
  return { question: toHeading(bare.text), topics: toTopics(bare.text), settings, refused: bare.refused };
}

/** Reads what words say of the answer's form alone: what a person says of a plan, or while it is carried out. */
export function readSettings(words: string, providers: readonly string[]): Partial<AnswerSettings> {
  return stripSettings(words, providers).settings;
}

interface Stripped {
  readonly text: string;
  readonly settings: Partial<AnswerSettings>;
  readonly refused: readonly string[];
}

function stripSettings(goal: string, providers: readonly string[]): Stripped {
  let text = goal;
  const refused: string[] = [];
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) {
      text = `${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`;
    }
    return match;
  };
  const threshold = take(THRESHOLD);
  const limit = take(LIMIT);
  const isBriefing = take(BRIEFING) !== undefined;
  const isSummary = take(SUMMARY) !== undefined;
  take(CITED);
  const named = Object.entries(NAMES).flatMap(([name, pattern]) =>
    take(pattern) === undefined ? [] : [name],
  );
  const missing = named.filter((name) => !providers.includes(name));
  if (missing.length > 0) {
    const set = `Set the option providers, or PLAN_EXECUTE_RESEARCH_PROVIDERS, to include ${missing.join(", ")}`;
    refused.push(`Here I can search ${providers.join(", ")}, not ${missing.join(", ")}. ${set}.`);
  }
  const least = threshold === undefined ? undefined : toShare(threshold[1] ?? "", threshold[2] !== undefined);
  if (least !== undefined && !(least >= 0 && least <= 1)) {
    refused.push("A threshold is a number from 0 to 1.");
  }
  const most =
    limit === undefined ? undefined : toCount(limit.slice(1).find((word) => word !== undefined) ?? "");
  if (most !== undefined && !(most >= 1 && most <= 25)) {
    refused.push("An answer has from 1 to 25 findings.");
  }
  return {
    text: text
      .replace(/\s+/g, " ")
      .replace(/(?:[\s,;:–-]+|\b(?:and|with|as|in)\b\s*)+([.?!]*)\s*$/i, "$1")
      .replace(/\s+([,.?!])/g, "$1")
      .trim(),
    settings: {
      ...(least === undefined ? {} : { threshold: least }),
      ...(most === undefined ? {} : { limit: most }),
      ...(isBriefing ? { format: "briefing" as const } : isSummary ? { format: "summary" as const } : {}),
      ...(named.length === 0 ? {} : { providers: named.filter((name) => providers.includes(name)) }),
    },
    refused,
  };
}

function toShare(digits: string, isPercent: boolean): number {
  const value = Number(digits.replace(",", "."));
  return isPercent ? value / 100 : value;
}

function toCount(word: string): number {
  const at = NUMBER_WORDS.indexOf(word.toLowerCase());
  return at >= 0 ? at : Number(word);
}

/** "Compare A and B on X and Y" is four topics; each question of several is one; all else is one. */
function toTopics(text: string): Topic[] {
  const compared = COMPARES.test(text) ? readComparison(text) : undefined;
  if (compared !== undefined) {
    return compared.slice(0, MOST_TOPICS);
  }
  const questions = (text.match(/[^?]+\?/g) ?? []).map((question) => question.trim());
  if (questions.length < 2) {
    return [{ question: toHeading(text), query: clean(text) }];
  }
  return questions
    .slice(0, MOST_TOPICS)
    .map((question) => ({ question: capital(question), query: clean(question) }));
}

function readComparison(text: string): Topic[] | undefined {
  const body = clean(text)
    .replace(/^.*?\b(?:compare|comparison (?:of|between)|differences? between)\s+/i, "")
    .replace(/^(?:do|does|is|are)\s+/i, "");
  const onAspects =
    /^(?<subjects>.+?)(?:\s+(?:on|by|in terms of|regarding|concerning|with regard to|with respect to|as to|in|for)\s+|\s*:\s*)(?<aspects>.+)$/i.exec(
      body,
    )?.groups;
  const ofSubjects = /^(?:the\s+)?(?<aspects>[\p{L}\s-]+?)\s+(?:of|between|at)\s+(?<subjects>.+)$/iu.exec(
    body,
  )?.groups;
  const parts = onAspects ?? ofSubjects ?? { subjects: body };
  const subjects = splitList(
    parts.subjects ?? "",
    /\s*,\s*(?:and\s+|with\s+|to\s+)?|\s+(?:and|with|to|versus|vs\.?|against)\s+/i,
  );
  if (subjects.length < 2) {
    return undefined;
  }
  const aspects = splitList(parts.aspects ?? "", /\s*,\s*(?:and\s+)?|\s+and\s+/i);
  if (aspects.length === 0) {
    return subjects.map((subject) => ({ question: capital(subject), query: subject }));
  }
  return aspects.flatMap((aspect) =>
    subjects.map((subject) => ({
      question: `${capital(subject)}: ${aspect}`,
      query: `${subject} ${aspect}`,
    })),
  );
}

function splitList(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.replace(/^(?:the|their|its)\s+/i, "").trim())
    .filter((part) => part !== "");
}

function clean(text: string): string {
  return text
    .replace(OPENING, "")
    .replace(/[\s.?!,;:]+$/, "")
    .trim();
}

/** A question stays as it was asked; of "research X" only X stands over the answer. */
function toHeading(text: string): string {
  return capital(QUESTION.test(text) ? text : clean(text));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
