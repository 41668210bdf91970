import { escapeReferences } from "../../plan/index.js";
import { allOf, skipAsks, toStep } from "./arithmetic-requests.js";
import { type Arithmetic, overList, takeExpression } from "./arithmetic-words.js";
import type { Cursor } from "./cursor.js";
import { tagOf, takeManyReferences, takeOneReference, theLast } from "./link-parts.js";
import { phrases } from "./phrases.js";
import type { PlanDraft, Value } from "./plan-draft.js";
import type { Token } from "./tokens.js";
import { LEADS, TAILS } from "./words.js";

const UNITS = ["words", "lines", "characters", "sentences"];
const UNIT_NAMES: Readonly<Record<string, string>> = {
  words: "words",
  word: "words",
  lines: "lines",
  line: "lines",
  characters: "characters",
  character: "characters",
  chars: "characters",
  letters: "",
  sentences: "sentences",
  sentence: "sentences",
};
const CONTENT_LEADS =
  phrases(`the full contents of | the contents of | the content of | the text of | the text in |
    the contents in | the text from | the contents from | contents of | content of | what is in |
    what is inside | inside of`);
const FILE_WORDS =
  phrases(`the text file | the csv file | the json file | the log file | the file named | the file called |
    the file | a file named | a file called | a new file called | a new file named | a new file |
    a text file called | a text file named | file | a file | the document | the | a text file |
    my file | my | new file | called | named`);

/** Whether a path is of a table: those are asked with the query tools. */
export function isTable(path: string): boolean {
  return /\.(?:csv|tsv|json)$/i.test(path);
}

/** Reads the mention of a file: its path, or "the file" where one was spoken of. */
export function takeFile(cursor: Cursor, draft: PlanDraft): string | undefined {
  return cursor.attempt(() => {
    cursor.skip(FILE_WORDS);
    const path = cursor.takeKind("path")?.text;
    if (path !== undefined) {
      cursor.take("file", "text file");
      draft.file = path;
      return path;
    }
    return undefined;
  });
}

/** The step that reads a file, made once. */
export function readText(draft: PlanDraft, path: string): Value | undefined {
  const id = draft.addStep("read_file", { path }, `Read ${path}`);
  if (draft.openedFile === path) draft.openedFile = undefined;
  return id === undefined ? undefined : { text: `{{${id}}}`, atomic: true, kind: "text", tags: ["content"] };
}

/** "read notes.txt", "open sales.csv", "show me what is in a.txt". Of a table only the name is kept until it is used. */
export function takeReading(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() =>
    draft.attempt(() => {
      cursor.skip(LEADS);
      const isContext =
        cursor.take(
          ...phrases(`looking at | in | from | for | using | with | given | consider | take | use`),
        ) !== undefined;
      const verb = isContext
        ? "context"
        : cursor.take(
            ...phrases(`read through | read in | read out | read | open up | open | load | view | cat | print |
              display | show | look at | look into | look in | parse | check | get | fetch | output |
              what does | what is written in | what is`),
          );
      cursor.take("me", "us", "out");
      const hasContent = cursor.take(...CONTENT_LEADS, "in", "inside", "from") !== undefined;
      if (verb === undefined && !hasContent) return undefined;
      const paths = takePaths(cursor, draft);
      if (paths === undefined) return undefined;
      cursor.take("say", "contain", "hold");
      cursor.skip(TAILS);
      if (!cursor.done) return undefined;
      return openAll(draft, paths, verb === "context", verb);
    }),
  );
}

function openAll(
  draft: PlanDraft,
  paths: readonly string[],
  isContext: boolean,
  verb: string | undefined,
): readonly Value[] | undefined {
  const [only] = paths;
  const mayWait = isContext || /^(?:read|open|load|look|parse|check)/.test(verb ?? "");
  if (paths.length === 1 && only !== undefined && (isTable(only) || isContext) && mayWait) {
    draft.openedFile = only;
    return [];
  }
  if (isContext) return undefined;
  return allOf(paths.map((path) => readText(draft, path)));
}

function takePaths(cursor: Cursor, draft: PlanDraft): readonly string[] | undefined {
  const paths: string[] = [];
  do {
    const path = takeFile(cursor, draft);
    if (path === undefined) return undefined;
    paths.push(path);
  } while (cursor.take(", and", "and from", "and in", "and of", "and", ",") !== undefined);
  return paths;
}

/** "list the files in docs", "which files are there?". */
export function takeListing({ cursor, draft }: Arithmetic): readonly Value[] | undefined {
  return cursor.attempt(() => {
    skipAsks({ cursor });
    if (
      cursor.take("list", "which", "what") === undefined &&
      !["files", "the", "all"].includes(cursor.word())
    )
      return undefined;
    cursor.skip(["all", "the", "me", "of", "available", "existing"]);
    if (cursor.take("files and folders", "files and directories", "files") === undefined) return undefined;
    cursor.skip(phrases(`are | there | available | do | i | we | have | exist | that | contained | stored`));
    cursor.take("in", "of", "under", "inside", "from", "within");
    cursor.skip(
      phrases(`the | folder | directory | this | current | working | here | root | workspace | my`),
    );
    const path = cursor.takeKind("path", "quote")?.text ?? takeFolderWord(cursor);
    cursor.skip(["folder", "directory", ...TAILS]);
    if (!cursor.done) return undefined;
    const id = draft.addStep(
      "list_files",
      path === undefined ? {} : { path },
      path === undefined ? "List the files" : `List the files in ${path}`,
    );
    return id === undefined
      ? undefined
      : [{ text: `{{${id}}}`, atomic: true, kind: "rows", tags: ["files"] }];
  });
}

function takeFolderWord(cursor: Cursor): string | undefined {
  const token = cursor.peek();
  if (
    token?.kind !== "word" ||
    (cursor.peek(1) !== undefined && !["folder", "directory"].includes(cursor.word(1)))
  )
    return undefined;
  cursor.at += 1;
  return token.raw;
}

/** "how many words are in notes.txt", "count its lines", "the word count of a.txt": one value for each unit and text. */
export function takeCounts(
  { cursor, draft }: Pick<Arithmetic, "cursor" | "draft">,
  goesOn = false,
): readonly Value[] | undefined {
  return cursor.attempt(() =>
    draft.attempt(() => {
      const isTotal = cursor.tokens
        .slice(cursor.at)
        .some((token) => ["total", "altogether", "together", "combined"].includes(token.text));
      const units = takeUnitsAgain(cursor, draft) ?? cursor.attempt(() => takeUnits(cursor, goesOn));
      if (units === undefined) return undefined;
      const texts = takeTexts(cursor, draft);
      if (texts === undefined) return undefined;
      const values: Value[] = [];
      for (const text of texts) {
        const id = draft.addStep(
          "text_stats",
          { text: text.text },
          `Count the ${units.join(" and ")}${text.label}`,
        );
        if (id === undefined) return undefined;
        for (const unit of units)
          values.push({ text: `{{${id}.${unit}}}`, atomic: true, kind: "number", tags: [unit, "count"] });
      }
      draft.units = units;
      if (isTotal && units.length === 1 && values.length > 1) return [overList("+", values, "sum")];
      const more = cursor.attempt(() =>
        cursor.take(", and", "and", ",") === undefined ? undefined : takeCounts({ cursor, draft }, true),
      );
      return [...values, ...(more ?? [])];
    }),
  );
}

/** "how many are in b.txt", after words or lines were counted. */
function takeUnitsAgain(cursor: Cursor, draft: PlanDraft): readonly string[] | undefined {
  return cursor.attempt(() => {
    if (draft.units.length === 0 || cursor.take("how many are", "how many does", "how many") === undefined)
      return undefined;
    return ["in", "there"].includes(cursor.word()) || cursor.peek()?.kind === "path"
      ? draft.units
      : undefined;
  });
}

/** "how many words are there", "the number of lines", "count its words and characters", "the word count". */
function takeUnits(cursor: Cursor, goesOn: boolean): readonly string[] | undefined {
  const asksMany = cursor.take("count how many", "how many") !== undefined;
  const counts = !asksMany && cursor.take("count up", "count") !== undefined;
  const ofIt = cursor.take("the", "its", "all the", "all of the", "all its", "all", "their", "out the");
  const number =
    cursor.take("total number of", "number of", "count of", "amount of", "total", "totals of") !== undefined;
  if (number) cursor.take("the", "all", "its");
  const units: string[] = [];
  for (;;) {
    const unit = UNIT_NAMES[cursor.word()];
    if (unit === undefined || unit === "") return undefined;
    cursor.at += 1;
    units.push(unit);
    const before = cursor.at;
    if (cursor.take(", and", "and the number of", "and", ",") === undefined) break;
    cursor.take("the", "how many");
    if (UNIT_NAMES[cursor.word()] === undefined) {
      cursor.at = before;
      break;
    }
  }
  const isCount = cursor.take("count", "counts") !== undefined;
  if (!asksMany && !counts && !number && !isCount) return ofIt === "its" || goesOn ? units : undefined;
  return units.every((unit) => UNITS.includes(unit)) ? units : undefined;
}

type Text = { readonly text: string; readonly label: string };

/** Where the words are counted: files, a quoted text, or what was read last. */
function takeTexts(cursor: Cursor, draft: PlanDraft): readonly Text[] | undefined {
  cursor.skip([
    "are there",
    "are",
    "there",
    "does",
    "do",
    "is",
    "in total",
    "altogether",
    "together",
    "combined",
  ]);
  cursor.take("contained in", "within", "inside", "in", "of", "from", "for", "on");
  const texts: Text[] = [];
  do {
    cursor.take(
      ...phrases(`in | of | the text | the sentence | the phrase | the string | the following text | this text |
        this sentence | text | sentence`),
    );
    cursor.take(":");
    const quote = cursor.takeKind("quote");
    const path = quote === undefined ? takeFile(cursor, draft) : undefined;
    if (quote !== undefined) texts.push({ text: escapeReferences(quote.text), label: ` of “${quote.text}”` });
    else if (path !== undefined) {
      const read = readText(draft, path);
      if (read === undefined) return undefined;
      texts.push({ text: read.text, label: ` of ${path}` });
    }
  } while (texts.length > 0 && takeJointBeforeText(cursor));
  if (texts.length === 0) {
    const text = takeSpokenOf(cursor, draft);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  cursor.skip(["have", "has", "contain", "contains", "there", "are", "it", "in it", "in there"]);
  return texts;
}

/** Moves over "and" where another text follows it. */
function takeJointBeforeText(cursor: Cursor): boolean {
  const isThere = (): true | undefined => {
    const at = cursor.at;
    cursor.skip(["in", "of", "from", ...FILE_WORDS]);
    const found = cursor.peek()?.kind === "path" || cursor.peek()?.kind === "quote";
    cursor.at = at;
    return found || undefined;
  };
  return (
    cursor.attempt(() => (cursor.take(", and", "and", ",") === undefined ? undefined : isThere())) === true
  );
}

function takeSpokenOf(cursor: Cursor, draft: PlanDraft): Text | undefined {
  const isOne = cursor.sees("that", "this", "the last", "it") !== undefined;
  cursor.take(
    ...phrases(`that file | this file | the file | the text | the content | the contents | it | that | this |
      its content | the document | there | them`),
  );
  const texts = draft.results.filter(({ value }) => value.tags?.includes("content"));
  const value = texts.at(-1)?.value;
  if (texts.length > 1 && !isOne) return undefined;
  if (value !== undefined && draft.openedFile === undefined)
    return { text: value.text, label: draft.file === undefined ? "" : ` of ${draft.file}` };
  if (draft.file === undefined) return undefined;
  const read = readText(draft, draft.file);
  return read && { text: read.text, label: ` of ${draft.file}` };
}

/** "write it to out.txt", "save the sum and the average in a.txt", "create b.txt with the text 'hi'", "copy a.txt to b.txt". */
export function takeWriting(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() =>
    draft.attempt(() => {
      cursor.skip(LEADS);
      if (cursor.take("copy", "duplicate") !== undefined) return takeCopy(arithmetic);
      const verb = cursor.take(
        ...phrases(`write down | write out | write | save | store | put down | put | record | output | export |
          dump | log | note down | note | persist | place | create | make | print | enter`),
      );
      if (verb === undefined) return takeSaved(arithmetic);
      const content = takeInto(cursor, draft) ? undefined : takeContent(arithmetic);
      const file =
        content === undefined ? cursor.attempt(() => takeTarget(cursor, draft)) : takeTarget(cursor, draft);
      if (file === undefined) return undefined;
      const later = content ?? takeLater(arithmetic) ?? theOpen(draft);
      cursor.skip([...TAILS, "instead", "only", "alone"]);
      if (later === undefined || !cursor.done) return undefined;
      return writeStep(draft, file, later);
    }),
  );
}

/** "the number of lines of a.txt saved in b.txt". */
function takeSaved(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  skipAsks(arithmetic);
  const content = takeContent(arithmetic);
  cursor.take("to be", "and");
  if (content === undefined || cursor.take("saved", "written", "stored", "put", "recorded") === undefined)
    return undefined;
  const file = takeTarget(cursor, draft);
  cursor.skip(TAILS);
  return file === undefined || !cursor.done ? undefined : writeStep(draft, file, content);
}

function takeInto(cursor: Cursor, draft: PlanDraft): boolean {
  const at = cursor.at;
  cursor.take("to", "into", "in");
  const found = takeFile(cursor, draft) !== undefined;
  cursor.at = at;
  return found;
}

function takeTarget(cursor: Cursor, draft: PlanDraft): string | undefined {
  cursor.take("down");
  cursor.take("to", "into", "in", "inside", "as", "under", "out to", "on");
  const before = draft.file;
  const path = takeFile(cursor, draft);
  draft.file = before;
  return path;
}

/** "with the text 'hi'", "containing the result" after the file's name. */
function takeLater(arithmetic: Arithmetic): Content | undefined {
  const { cursor } = arithmetic;
  if (
    cursor.take(
      ...phrases(`with the content | with the contents | with content | with the text | containing the text |
        containing | that contains | that says | which says | saying | holding | with | : |
        and put in it`),
    ) === undefined &&
    cursor.done
  )
    return undefined;
  return takeContent(arithmetic);
}

type Content = { readonly text: string; readonly said: string };

/** What is written: quoted text, results, or values that are worked out first; several go on lines of their own. */
function takeContent(arithmetic: Arithmetic): Content | undefined {
  const { cursor, draft } = arithmetic;
  const parts: Value[] = [];
  const from = cursor.at;
  do {
    cursor.take("just", "only");
    const quote = takeQuote(cursor);
    const many = quote === undefined ? takeManyReferences(cursor, draft) : undefined;
    const made =
      quote === undefined
        ? (many ?? takeOne(arithmetic))
        : [{ text: escapeReferences(quote.text), atomic: true, kind: "text" } as const];
    if (made === undefined) return undefined;
    parts.push(...made);
  } while (cursor.take(", and", "and", ",") !== undefined);
  return { text: parts.map((part) => part.text).join("\n"), said: cursor.rawBetween(from, cursor.at) };
}

/** "the text 'hi'": the words before a quote say nothing without it. */
function takeQuote(cursor: Cursor): Token | undefined {
  return cursor.attempt(() => {
    cursor.take(
      ...phrases(`the text | the words | the word | the line | the string | the message | the sentence |
        the phrase | text`),
    );
    return cursor.takeKind("quote");
  });
}

function takeOne(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return (
    cursor.attempt(() => {
      const value = takeOneReference(cursor, draft);
      const next = cursor.word();
      return value !== undefined &&
        (cursor.done || ["to", "into", "in", "inside", "and", ",", "as", "down", "out"].includes(next))
        ? [value]
        : undefined;
    }) ??
    cursor.attempt(() => {
      cursor.take(...CONTENT_LEADS);
      const path = takeFile(cursor, draft);
      const read = path === undefined ? undefined : readText(draft, path);
      return read && [read];
    }) ??
    cursor.attempt(() => {
      const from = cursor.at;
      cursor.take("the result of", "the value of", "the answer to", "the outcome of", "the result from");
      const value = takeExpression(arithmetic);
      return value && allOf([toStep(draft, value, cursor.rawBetween(from, cursor.at))]);
    }) ??
    takeNounOfLast(cursor, draft)
  );
}

/** "the list", "the name", "the table": some noun for the one result that there is. */
function takeNounOfLast(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    if (cursor.take("the", "that", "its", "this", "your", "my") === undefined) return undefined;
    cursor.take("final", "resulting", "whole", "full", "product", "computed", "calculated");
    const noun = cursor.take(
      ...phrases(`list | table | rows | row | name | answer | summary | breakdown | report | grouping | entries |
        records | groups | listing | totals | results | averages | counts | findings | output`),
    );
    const isTag = noun === undefined && tagOf(cursor.word()) !== undefined;
    if (isTag) cursor.at += 1;
    if (noun === undefined && !isTag) return undefined;
    const value = theLast(draft);
    return value && [value];
  });
}

/** Without an object: the last result, or all that stand side by side. */
function theOpen(draft: PlanDraft): Content | undefined {
  const values = draft.lastResults().map((result) => result.value.text);
  return values.length === 0 ? undefined : { text: values.join("\n"), said: "the result" };
}

function takeCopy(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  cursor.take(...CONTENT_LEADS);
  const path = takeFile(cursor, draft);
  if (path === undefined || cursor.take("to", "into", "as", "over to") === undefined) return undefined;
  const file = takeFile(cursor, draft);
  const read = readText(draft, path);
  cursor.skip(TAILS);
  return file === undefined || read === undefined || !cursor.done
    ? undefined
    : writeStep(draft, file, { text: read.text, said: path });
}

/** Writing gives no new result: "it" still means what was written. */
function writeStep(draft: PlanDraft, path: string, content: Content): readonly Value[] | undefined {
  const id = draft.addStep("write_file", { path, content: content.text }, `Write ${content.said} to ${path}`);
  return id === undefined ? undefined : [];
}
