// Reads a goal clause by clause. A word that nothing takes makes the clause, and so the goal, one that is refused.
import { escapeReferences, type PlanStep } from "../plan/index.js";
import { reduceArithmetic } from "./arithmetic.js";
import { reduceDates } from "./dates.js";
import { BETWEEN } from "./earlier.js";
import { findWriting, readFile, reduceFiles, takeReading, writeFile } from "./files.js";
import { markLiterals, markSpelled } from "./literals.js";
import { resolvePronouns } from "./pronouns.js";
import { reduceTables } from "./tables.js";
import { Refusal, type Value, Working } from "./working.js";

interface GoalRequest {
  readonly goal: string;
  readonly tools: ReadonlySet<string>;
  /** The results of the last answer, and the file that was named last. */
  readonly earlier: { readonly values: readonly Value[]; readonly file: string | undefined };
  readonly today: Date;
}

/** A goal that was read to its last word, or what of it was not, and what was. */
export type ReadGoal =
  | { readonly kind: "plan"; readonly steps: PlanStep[]; readonly answer?: string }
  | {
      readonly kind: "unread";
      readonly part: string;
      readonly reason?: string | undefined;
      readonly understood: string;
    };

const VERB =
  "(?:add|sum|subtract|multiply|divide|square|cube|double|triple|halve|round|raise|increase|decrease|reduce|take|count|write|save|store|put|record|note|tell|give|report|compute|calculate|evaluate|work|find|determine|what|what's|how|which|show|list|read|open|load|create|make|copy|get|let|do|start)";
const MARKER = /(^|\n|[:;.] )\s*(?:step \d+[:.]|\d+[.)](?= )|[a-h]\)|[-*•](?= ))\s*/gi;
const INLINE_MARKER = /(?<=^|\s)(?:\d[.)]|[a-h]\)) +(?=\S)/gi;
const THEN =
  /(?:,|;|\band\b|\s)*\b(?:and then|then|afterwards?|after that|finally|lastly|last|next|separately|when done)\b(?!\s+(?:year|month|week|\d))(?:,|\s)*/gi;
const SOFT = new RegExp(
  `(?<!\\bfor (?:each|every) [^\\n]*)(?:,? and (?:also )?|, (?:and )?(?:second |third )?)(?=${VERB}\\b)|,? and (?=their\\b|(?:the )?(?:sum|difference|product|average|total|larger|smaller) of (?:both|them|the two|all)\\b)`,
  "gi",
);
const POLITE =
  /^(?:please|could you|can you|would you|will you|kindly|i want you to|i want to know|i want|i need to know|i need|i would like to know|i'd like to know|let me know|let's|tell me|and|so|now|also|just|okay|ok|hello|hi|hey|firstly|first(?=,| (?:add|multiply|divide|subtract|compute|calculate|read|count|find)\b)|in parallel|side by side|what about|how about|what do (?:you|i|we) get (?:if|when) (?:you|i|we)|(?:if|when) (?:you|i|we)|do these|(?:i have |i need )?(?:two|three|four) (?:calculations|numbers)(?: please)?)(?:[\s,]+|$)/i;
const POLITE_END = /[\s,]+(?:please|for me|in parallel|side by side|at the same time|as well|too|tell me)$/i;
const FILLER =
  /^(?:what date is|what is the date|what will the date be|check|what(?: is|'s| are| was| will)?|whats|how much(?: is| are)?|which (?:one )?is|is|calculate|compute|evaluate|work out|figure out|find out|find|determine|give me|give|show me|show|report|get|do|take|start with|start from|the following|(?:the )?results? of|the value of|the answer to|the|a|an|numbers?|count|list|that)(?:[\s,]+|$)/i;
const FILLER_END = /[\s,]+(?:is|are|be|up|dollars|euros)$/i;
const ARTICLE =
  /(?<![\w-])(?:(?:the|a|an) (?=‹|(?:sum|total|product|average|mean|median|difference|quotient|square|cube|half|third|quarter|larg|small|bigg|great|high|low|max|min|remainder|result of))|result of )/gi;
const DONE =
  /^(?:(?:the )?(?:results?|answers?|outcome)|count (?:it|them)|(?:how many|what) (?:there are|they are)|what do (?:i|you|we) get)?$/i;
const ASKING =
  /^(?:what is|what's|how much is|calculate|compute|work out|find|determine|get|do|take)\s+(?=(?:add|subtract|multiply|divided?|times|plus|minus|take)\b)/i;
const EACH = /^for each (?:of |number in |number of )?(‹n\d+›(?:(?:, and |, | and )‹n\d+›)+),? (.*)$/i;
const WHOLE = /^‹[ntdr]\d+›(?:(?:, and |, or | and | or |, )‹[ntdr]\d+›)*$/;

/** Plans a goal in words. */
export function readGoal({ goal, tools, earlier, today }: GoalRequest): ReadGoal {
  const working = new Working(tools, earlier.values, earlier.file);
  let clauses: string[] = [goal];
  try {
    clauses = splitGoal(markLiterals(withoutMarkers(goal.trim()), working));
    for (const [at, clause] of clauses.entries()) {
      working.clause = at;
      readClause(clause, working, today);
    }
    working.clause += 1;
    return toPlan(working);
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
    const isWhole = working.clause >= clauses.length;
    const read = isWhole ? [] : clauses.slice(0, working.clause).map((clause) => working.restore(clause));
    const begun = working.restore(
      (clauses[working.clause] ?? "")
        .split(/,? and |, /)
        .slice(0, -1)
        .join(" and "),
    );
    const isBegun =
      read.length === 0 && begun !== "" && readGoal({ goal: begun, tools, earlier, today }).kind === "plan";
    const part = error.reason === undefined ? working.restore(clauses[working.clause] ?? goal) : error.part;
    return { kind: "unread", part, reason: error.reason, understood: isBegun ? begun : read.join("; ") };
  }
}

/** Takes away the marks of a list, such as "1)" and "-": each item becomes a line. */
function withoutMarkers(goal: string): string {
  return /(?:^|\s)(?:1[.)]|a\)) /i.test(goal)
    ? goal.replace(INLINE_MARKER, "\n")
    : goal.replace(MARKER, "$1");
}

function splitGoal(text: string): string[] {
  return text
    .replace(/[.;?!](?=\s|$)/g, "\n")
    .replace(THEN, "\n")
    .replace(/:/g, ",")
    .replace(SOFT, "\n")
    .split("\n")
    .map((clause) =>
      clause
        .replace(/^[\s,]+|[\s,]+$/g, "")
        .replace(/^and\s+/i, "")
        .replace(/\s+/g, " "),
    )
    .filter((clause) => clause !== "");
}

function readClause(clause: string, working: Working, today: Date): void {
  const each = EACH.exec(strip(clause, POLITE, POLITE_END));
  const text = strip(
    each === null ? takeReading(strip(clause, POLITE, POLITE_END), working) : "",
    POLITE,
    POLITE_END,
  );
  const writing = findWriting(text);
  for (const item of working.all(each?.[1] ?? "")) {
    const asked = (each?.[2] ?? "").replace(/(?<![\w-])(?:its|it|the number|that number)(?![\w-])/gi, () =>
      working.put(item),
    );
    working.settle(valuesOf(asked, working, today));
  }
  if (writing !== undefined) {
    writeFile(contentOf(writing.content, working, today), writing.path, working);
  } else if (each === null && !isDone(text, working)) {
    working.settle(valuesOf(text, working, today));
  }
}

/** Whether a clause asks for nothing more than what there is already. */
function isDone(text: string, working: Working): boolean {
  const asked = [text, strip(text, FILLER, FILLER_END)].find((one) => DONE.test(one));
  return asked !== undefined && (asked === "" || working.results.length > 0);
}

/** What a clause comes to. */
function valuesOf(clause: string, working: Working, today: Date): Value[] {
  const pointed = markSpelled(
    resolvePronouns(reduceDates(reduceFiles(clause, working), working, today), working),
    working,
  );
  const asked = reduceDates(reduceTables(pointed, working), working, today);
  const plain = strip(asked, POLITE, POLITE_END)
    .replace(ARTICLE, "")
    .replace(ASKING, "")
    .replace(FILLER_END, "");
  const reduced = strip(reduceArithmetic(plain, working), FILLER, FILLER_END);
  if (!WHOLE.test(reduced)) {
    throw new Refusal(working.restore(clause));
  }
  const values = working.all(reduced);
  // A bare number beside others was meant to be a part of something.
  if (
    values.length > 1 &&
    values.some(({ kind, text, words }) => kind === "n" && text === words && /^[\d.]+$/.test(text))
  ) {
    throw new Refusal(working.restore(clause));
  }
  return values;
}

/** What is to be written: a text as it is, results, or what the words come to. */
function contentOf(content: string, working: Working, today: Date): Value[] {
  const text = /^(?:the )?(?:text |words? )?(‹t\d+›)$/i.exec(content)?.[1];
  if (text !== undefined) {
    return [working.get(text)];
  }
  const isMany = /^(?:(?:the |these |both |all )*(?:results|answers|numbers)|them|both)$/i.test(content);
  const isFile = /^(?:(?:its|the) (?:contents?|text)|it)$/i.test(content) && working.results.length === 0;
  if (isFile && working.file !== undefined) {
    return [readFile(working.file, working)];
  }
  const source = /^‹p\d+›$/.test(content) ? working.textOf(content) : undefined;
  if (source !== undefined) {
    return [readFile(source, working)];
  }
  const one =
    /^(?:(?:the |its |that |this )(?:word count|line count|count|number|total|figure|result|answer)|it|)$/i.test(
      content,
    );
  const chosen = isMany ? working.pending : one ? working.last : [];
  if ((one && chosen.length === 1) || (isMany && chosen.length > 0)) {
    return chosen.map((result) => working.get(working.use(result, "")));
  }
  const from = working.results.length;
  working.settle(valuesOf(content, working, today));
  return working.results.slice(from).map((result) => working.get(working.use(result, "")));
}

function strip(text: string, start: RegExp, end: RegExp): string {
  const stripped = text.trim().replace(start, "").replace(end, "").replace(/^,\s*/, "").trim();
  return stripped === text ? stripped : strip(stripped, start, end);
}

function toPlan(working: Working): ReadGoal {
  working.settle([...working.unread].map((path) => readFile(path, working)));
  const own = working.results.filter(({ clause }) => clause >= 0);
  const results = own.filter(({ isUsed }) => !isUsed).map(({ value }) => value);
  const literal = results.find(({ text }) => /^-?[\d.]+$/.test(text));
  if (literal !== undefined || working.steps.length === 0) {
    throw new Refusal(literal?.words ?? "");
  }
  // Rows do not read well in a sentence: whoever writes the answer tells them.
  if (results.some(({ kind }) => kind === "r")) {
    return { kind: "plan", steps: working.steps };
  }
  const toLine = ({ words, text }: Value) =>
    `${escapeReferences(words.charAt(0).toUpperCase() + words.slice(1))}: ${text}`;
  const lines = [...results.map(toLine), ...working.notes];
  const isAlone = results.length === 1 && lines.length === 1;
  const body = isAlone
    ? results.map(({ text }) => text)
    : lines.map((line) => (lines.length === 1 ? line : `- ${line}`));
  const used = own.filter(({ isUsed, value }) => isUsed && value.kind === "n" && value.text.startsWith("{{"));
  const between = [...new Set(used.map(({ value }) => toLine(value)))].join("; ");
  const from = between === "" || working.notes.length > 0 ? [] : ["", `${BETWEEN}${between}.`];
  return { kind: "plan", steps: working.steps, answer: [...body, ...from].join("\n") };
}
