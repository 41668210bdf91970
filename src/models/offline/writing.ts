import { escapeReferences } from "../../plan/index.js";
import type { Arithmetic } from "./arithmetic-phrases.js";
import { takeExpression } from "./arithmetic-words.js";
import type { Cursor } from "./cursor.js";
import { tagOf, takeManyReferences, takeOneReference, theLast } from "./link-parts.js";
import { CONTENT_LEADS, readText, takeFile } from "./mention-file.js";
import type { PlanDraft } from "./plan-draft.js";
import { allOf, skipAsks, toStep } from "./to-step.js";
import type { Token } from "./tokens.js";
import type { Value } from "./values.js";
import { LEADS, phrases, TAILS } from "./words.js";

/** "write it to out.txt", "save the sum and the average in a.txt", "create b.txt with the text 'hi'", "copy a.txt to b.txt". */
export function takeWriting(arithmetic: Arithmetic): readonly Value[] | undefined {
  const { cursor, draft } = arithmetic;
  return cursor.attempt(() =>
    draft.attempt(() => {
      cursor.skip(LEADS);
      if (cursor.take("copy", "duplicate") !== undefined) {
        return takeCopy(arithmetic);
      }
      const verb = cursor.take(
        ...phrases(`write down | write out | write | save | store | put down | put | record | output | export |
          dump | log | note down | note | persist | place | create | make | print | enter`),
      );
      if (verb === undefined) {
        return takeSaved(arithmetic);
      }
      const content = takeInto(cursor, draft) ? undefined : takeContent(arithmetic);
      const file =
        content === undefined ? cursor.attempt(() => takeTarget(cursor, draft)) : takeTarget(cursor, draft);
      if (file === undefined) {
        return undefined;
      }
      const later = content ?? takeLater(arithmetic) ?? theOpen(draft);
      cursor.skip([...TAILS, "instead", "only", "alone"]);
      if (later === undefined || !cursor.done) {
        return undefined;
      }
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
  if (content === undefined || cursor.take("saved", "written", "stored", "put", "recorded") === undefined) {
    return undefined;
  }
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
  ) {
    return undefined;
  }
  return takeContent(arithmetic);
}

interface Content {
  readonly text: string;
  readonly said: string;
}

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
    if (made === undefined) {
      return undefined;
    }
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
    if (cursor.take("the", "that", "its", "this", "your", "my") === undefined) {
      return undefined;
    }
    cursor.take("final", "resulting", "whole", "full", "product", "computed", "calculated");
    const noun = cursor.take(
      ...phrases(`list | table | rows | row | name | answer | summary | breakdown | report | grouping | entries |
        records | groups | listing | totals | results | averages | counts | findings | output`),
    );
    const isTag = noun === undefined && tagOf(cursor.word()) !== undefined;
    if (isTag) {
      cursor.at += 1;
    }
    if (noun === undefined && !isTag) {
      return undefined;
    }
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
  if (path === undefined || cursor.take("to", "into", "as", "over to") === undefined) {
    return undefined;
  }
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
