import type { Arithmetic } from "./arithmetic-phrases.js";
import { Cursor } from "./cursor.js";
import { isTable } from "./mention-file.js";
import type { PlanDraft } from "./plan-draft.js";
import { type TableQuestion, toQueryArgs } from "./table-question.js";
import { readTableQuestion } from "./table-questions.js";
import { allOf } from "./to-step.js";
import type { Token } from "./tokens.js";
import { call, combine, type Value } from "./values.js";
import { phrases } from "./words.js";

const BEFORE_FILE = new Set(
  phrases(`in | from | of | inside | within | using | over | for | across | on | at | the | file | csv |
    table | data | dataset | json | spreadsheet | called | named | look | according | to | based | with`),
);
const NO_COLUMN =
  /\b(?:results?|numbers?|two|three|both|them|answers?|it|that|sum|total|average|count)\b|\d/i;
const SPOKEN_OF =
  phrases(`in it | in the file | in that file | in this file | in the table | of the file | in the data |
    from it | from the file | in the csv | of it | it | the file | in there`);

/** Reads a part of the goal that is nothing but a question to a table: one step for each figure and file. */
export function takeTable(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return draft.attempt(() => {
    const tokens = cursor.tokens.slice(cursor.at);
    const whole = readQuestions(tokens, cursor.source, draft, true);
    const all = whole === undefined ? readSideBySide(tokens, cursor.source, draft) : [whole];
    if (all === undefined) {
      return undefined;
    }
    const label = cursor.rawBetween(cursor.at, cursor.tokens.length);
    const asked = all.flatMap(({ paths, questions }) =>
      paths.flatMap((path) => questions.map((one) => ({ path, one }))),
    );
    const values = asked.map(({ path, one }) =>
      addQuery(draft, path, one, asked.length === 1 ? label : `${describe(one)} in ${path}`),
    );
    cursor.at = cursor.tokens.length;
    return allOf(values);
  });
}

/**
 * "the sum of amount in a.csv and the largest price in b.csv": two questions joined by "and". The second may lack
 * the first's verb, the first the second's file.
 */
function readSideBySide(
  tokens: readonly Token[],
  source: string,
  draft: PlanDraft,
): readonly Found[] | undefined {
  for (let at = 1; at < tokens.length - 1; at += 1) {
    if (wordOf(tokens[at]) !== "and") {
      continue;
    }
    const second = tokens.slice(at + 1);
    const file = second.findIndex((token) => token.kind === "path");
    const left = tokens.slice(0, at);
    const first =
      left.some((token) => token.kind === "path") || file < 1
        ? left
        : [...left, ...second.slice(file - 1, file + 1)];
    const before = readQuestions(first, source, draft, false);
    if (before === undefined) {
      continue;
    }
    for (let verbs = 0; verbs < 3; verbs += 1) {
      const after = readQuestions([...left.slice(0, verbs), ...second], source, draft, false);
      if (after !== undefined) {
        return [before, after];
      }
    }
  }
  return undefined;
}

/** Reads a figure over a table inside arithmetic: the longest row of words that is one. Its file must be named unless `implied`. */
export function takeTableValue(cursor: Cursor, draft: PlanDraft, implied: boolean): Value | undefined {
  const spread = cursor.attempt(() => takeSpread(cursor, draft, implied));
  if (spread !== undefined) {
    return spread;
  }
  const isFigure =
    /^(?:the|a|sum|total|average|mean|median|max|maximum|min|minimum|largest|highest|smallest|lowest|number|count|how|biggest)$/.test(
      cursor.word(),
    );
  if (!isFigure) {
    return undefined;
  }
  for (let end = cursor.tokens.length; end > cursor.at + 1; end -= 1) {
    const tokens = cursor.tokens.slice(cursor.at, end);
    if (!implied && !tokens.some((token) => token.kind === "path")) {
      return undefined;
    }
    const found = readQuestions(tokens, cursor.source, draft, implied);
    const [asked, ...others] = found?.questions ?? [];
    const [path, ...morePaths] = found?.paths ?? [];
    const isValue =
      asked?.aggregates.length === 1 && asked.groupBy.length === 0 && others.length + morePaths.length === 0;
    if (!isValue || path === undefined || asked === undefined) {
      continue;
    }
    const value = addQuery(draft, path, asked, cursor.rawBetween(cursor.at, end));
    if (value === undefined) {
      return undefined;
    }
    cursor.at = end;
    return value;
  }
  return undefined;
}

/** "the difference between the highest and the lowest salary in a.csv". */
function takeSpread(cursor: Cursor, draft: PlanDraft, implied: boolean): Value | undefined {
  if (cursor.take("the difference between", "difference between") === undefined) {
    return undefined;
  }
  const tokens = cursor.tokens.slice(cursor.at);
  const found =
    implied || tokens.some((token) => token.kind === "path")
      ? readQuestions(tokens, cursor.source, draft, implied)
      : undefined;
  const [path] = found?.paths ?? [];
  const isPair =
    found?.questions.length === 2 &&
    found.paths.length === 1 &&
    found.questions.every((asked) => asked.groupBy.length === 0 && asked.aggregates.length === 1);
  if (path === undefined || found === undefined || !isPair) {
    return undefined;
  }
  const [first, second] = found.questions.map((asked) =>
    addQuery(draft, path, asked, `${describe(asked)} in ${path}`),
  );
  if (first === undefined || second === undefined) {
    return undefined;
  }
  cursor.at = cursor.tokens.length;
  return call("abs", [combine(first, "-", second)], ["difference"]);
}

interface Found {
  readonly paths: readonly string[];
  readonly questions: readonly TableQuestion[];
}

function readQuestions(
  tokens: readonly Token[],
  source: string,
  draft: PlanDraft,
  implied: boolean,
): Found | undefined {
  const { rest, paths } = takeOutFiles(tokens, source);
  if (paths === undefined) {
    return undefined;
  }
  const spokenOf = draft.openedFile ?? draft.file;
  const isImplied = paths.length === 0;
  const [path] = isImplied ? [spokenOf] : paths;
  if (path === undefined || !isTable(path) || (isImplied && !implied)) {
    return undefined;
  }
  const questions = readTableQuestion(new Cursor(isImplied ? withoutSpokenOf(rest, source) : rest, source), {
    path,
  });
  if (questions === undefined) {
    return undefined;
  }
  const columns = questions.flatMap((asked) => asked.aggregates.map((aggregate) => aggregate.column ?? ""));
  if (isImplied && columns.some((column) => NO_COLUMN.test(column))) {
    return undefined;
  }
  const chosen = isImplied && draft.chosen?.path === path ? draft.chosen.where : [];
  return {
    paths: isImplied ? [path] : paths,
    questions: questions.map((asked) => ({ ...asked, where: [...chosen, ...asked.where] })),
  };
}

/** The tokens without the mention of their files; several files must stand side by side. */
function takeOutFiles(
  tokens: readonly Token[],
  source: string,
): { rest: readonly Token[]; paths: readonly string[] | undefined } {
  const at = tokens.findIndex((token) => token.kind === "path" && isTable(token.text));
  if (at < 0) {
    return { rest: tokens, paths: tokens.some((token) => token.kind === "path") ? undefined : [] };
  }
  let from = at;
  while (from > 0 && BEFORE_FILE.has(wordOf(tokens[from - 1]))) {
    from -= 1;
  }
  const cursor = new Cursor(tokens, source, at);
  const paths: string[] = [];
  do {
    cursor.skip(["in", "of", "from", "the", "file"]);
    paths.push(cursor.takeKind("path")?.text ?? "");
    cursor.take("'s", "file");
  } while (takeJointBeforePath(cursor));
  if (from === 0) {
    cursor.take(",", ":");
  }
  const rest = [...tokens.slice(0, from), ...tokens.slice(cursor.at)];
  return rest.some((token) => token.kind === "path") ? { rest, paths: undefined } : { rest, paths };
}

/** Moves over "and in" and the like where another path follows. */
function takeJointBeforePath(cursor: Cursor): boolean {
  const found = cursor.attempt(() => {
    if (cursor.take("and", ",", "&") === undefined) {
      return undefined;
    }
    const at = cursor.at;
    cursor.skip(["in", "of", "from", "the", "file"]);
    const isPath = cursor.peek()?.kind === "path";
    cursor.at = at;
    return isPath || undefined;
  });
  return found === true;
}

function withoutSpokenOf(tokens: readonly Token[], source: string): readonly Token[] {
  for (let at = 0; at < tokens.length; at += 1) {
    const cursor = new Cursor(tokens, source, at);
    if (cursor.take(...SPOKEN_OF) !== undefined) {
      return [...tokens.slice(0, at), ...tokens.slice(cursor.at)];
    }
  }
  return tokens;
}

function wordOf(token: Token | undefined): string {
  return token?.kind === "word" ? token.text : "";
}

function addQuery(
  draft: PlanDraft,
  path: string,
  asked: TableQuestion,
  description: string,
): Value | undefined {
  const id = draft.addStep(
    /\.json$/i.test(path) ? "json_query" : "csv_query",
    toQueryArgs(path, asked),
    description,
  );
  if (id === undefined) {
    return undefined;
  }
  draft.file = path;
  draft.openedFile = undefined;
  const isChoice = asked.aggregates.length === 0 && asked.groupBy.length === 0 && asked.limit === undefined;
  draft.chosen = isChoice
    ? { path, where: asked.where }
    : draft.chosen?.path === path
      ? draft.chosen
      : undefined;
  const [aggregate] = asked.aggregates;
  if (asked.groupBy.length === 0 && aggregate !== undefined) {
    return { text: `{{${id}.value}}`, atomic: true, kind: "number", tags: [aggregateTag(aggregate.op)] };
  }
  if (asked.named === undefined || asked.limit !== 1) {
    return { text: `{{${id}.rows}}`, atomic: true, kind: "rows" };
  }
  if (asked.groupBy.length > 0) {
    return { text: `{{${id}.rows.0.${asked.named}}}`, atomic: true, kind: "text", tags: ["name"] };
  }
  draft.named.set(id, asked.named);
  return { text: `{{${id}.value}}`, atomic: true, kind: "text", tags: ["name"] };
}

function aggregateTag(op: string): string {
  return op === "avg" ? "average" : op === "distinct" ? "count" : op;
}

function describe({ aggregates, where }: TableQuestion): string {
  const figures = aggregates
    .map(({ op, column }) => `${aggregateTag(op)}${column === undefined ? "" : ` of ${column}`}`)
    .join(", ");
  return where.length === 0 ? figures : `${figures} of the rows asked for`;
}

/** The values of other kinds that may stand inside arithmetic. */
export function tableValues(implied: boolean): Arithmetic["other"] {
  return (cursor, draft) => takeTableValue(cursor, draft, implied);
}
