import { escapeReferences } from "../../plan/index.js";
import type { Arithmetic } from "./arithmetic-phrases.js";
import type { Cursor } from "./cursor.js";
import { FILE_WORDS, readText, takeFile } from "./mention-file.js";
import type { PlanDraft } from "./plan-draft.js";
import { overList, type Value } from "./values.js";
import { phrases } from "./words.js";

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
      if (units === undefined) {
        return undefined;
      }
      const texts = takeTexts(cursor, draft);
      if (texts === undefined) {
        return undefined;
      }
      const values: Value[] = [];
      for (const text of texts) {
        const id = draft.addStep(
          "text_stats",
          { text: text.text },
          `Count the ${units.join(" and ")}${text.label}`,
        );
        if (id === undefined) {
          return undefined;
        }
        for (const unit of units) {
          values.push({ text: `{{${id}.${unit}}}`, atomic: true, kind: "number", tags: [unit, "count"] });
        }
      }
      draft.units = units;
      if (isTotal && units.length === 1 && values.length > 1) {
        return [overList("+", values, "sum")];
      }
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
    if (draft.units.length === 0 || cursor.take("how many are", "how many does", "how many") === undefined) {
      return undefined;
    }
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
  if (number) {
    cursor.take("the", "all", "its");
  }
  const units: string[] = [];
  for (;;) {
    const unit = UNIT_NAMES[cursor.word()];
    if (unit === undefined || unit === "") {
      return undefined;
    }
    cursor.at += 1;
    units.push(unit);
    const before = cursor.at;
    if (cursor.take(", and", "and the number of", "and", ",") === undefined) {
      break;
    }
    cursor.take("the", "how many");
    if (UNIT_NAMES[cursor.word()] === undefined) {
      cursor.at = before;
      break;
    }
  }
  const isCount = cursor.take("count", "counts") !== undefined;
  if (!asksMany && !counts && !number && !isCount) {
    return ofIt === "its" || goesOn ? units : undefined;
  }
  return units.every((unit) => UNITS.includes(unit)) ? units : undefined;
}

interface Text {
  readonly text: string;
  readonly label: string;
}

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
    if (quote !== undefined) {
      texts.push({ text: escapeReferences(quote.text), label: ` of “${quote.text}”` });
    } else if (path !== undefined) {
      const read = readText(draft, path);
      if (read === undefined) {
        return undefined;
      }
      texts.push({ text: read.text, label: ` of ${path}` });
    }
  } while (texts.length > 0 && takeJointBeforeText(cursor));
  if (texts.length === 0) {
    const text = takeSpokenOf(cursor, draft);
    if (text === undefined) {
      return undefined;
    }
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
  if (texts.length > 1 && !isOne) {
    return undefined;
  }
  if (value !== undefined && draft.openedFile === undefined) {
    return { text: value.text, label: draft.file === undefined ? "" : ` of ${draft.file}` };
  }
  if (draft.file === undefined) {
    return undefined;
  }
  const read = readText(draft, draft.file);
  return read && { text: read.text, label: ` of ${draft.file}` };
}
