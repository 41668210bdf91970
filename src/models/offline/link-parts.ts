import type { Cursor } from "./cursor.js";
import type { PlanDraft } from "./plan-draft.js";
import type { Result, Value } from "./values.js";
import { ordinal, phrases, singular, smallNumber } from "./words.js";

/** What a result may be called when it is spoken of again. */
const RESULT_NOUNS = new Set(
  phrases(`result | answer | number | value | figure | outcome | output | amount | one | calculation |
    quantity | solution`),
);

/** Names that a result earns by how it came about, by the spellings that mean the same. */
const TAG_NAMES: Readonly<Record<string, string>> = {
  sum: "sum",
  total: "sum",
  subtotal: "sum",
  product: "product",
  difference: "difference",
  quotient: "quotient",
  ratio: "quotient",
  average: "average",
  mean: "average",
  median: "median",
  maximum: "max",
  max: "max",
  largest: "max",
  highest: "max",
  minimum: "min",
  min: "min",
  smallest: "min",
  lowest: "min",
  count: "count",
  percentage: "percentage",
  words: "words",
  word: "words",
  line: "lines",
  character: "characters",
  lines: "lines",
  characters: "characters",
  sentences: "sentences",
  date: "date",
  day: "date",
  days: "days",
  weeks: "weeks",
  weekday: "weekday",
  content: "content",
  contents: "content",
  text: "content",
  square: "square",
  root: "root",
  name: "name",
  time: "time",
  data: "content",
  file: "content",
  remainder: "remainder",
  discount: "percentage",
  tip: "percentage",
  tax: "percentage",
};

/** The tag of a word such as "total", or undefined. */
export function tagOf(word: string): string | undefined {
  return word === "times" ? undefined : (TAG_NAMES[word] ?? TAG_NAMES[singular(word)]);
}

/** Reads a phrase that means one earlier result: "it", "the result", "the second one", "step 1", "the average". */
export function takeOneReference(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    const position = cursor.attempt(() => {
      const isResult = cursor.take(
        ...phrases(`the result of | the results of | the output of | the answer of | the answer to |
          the value of | result of`),
      );
      return isResult === undefined ? undefined : (takeOrdinal(cursor, draft) ?? takeStep(cursor, draft));
    });
    if (position !== undefined) {
      return position;
    }
    const step = cursor.attempt(() => takeStep(cursor, draft));
    if (step !== undefined) {
      return step;
    }
    if (cursor.take("its own", "itself", "it") !== undefined) {
      return theLast(draft);
    }
    if (cursor.take("the former") !== undefined) {
      return nth(draft, 1);
    }
    if (cursor.take("the latter") !== undefined) {
      return nth(draft, 2);
    }
    const determiner = cursor.take("the", "that", "this", "its");
    if (determiner === undefined) {
      return undefined;
    }
    return takeNamed(cursor, draft, determiner);
  });
}

/** Reads a phrase that means several earlier results: "both", "them", "the two results", "all three". */
export function takeManyReferences(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    const isBoth = cursor.take("both of them", "both of these", "both of those", "both") !== undefined;
    const isPlain =
      !isBoth &&
      cursor.take(
        ...phrases(`all of them | all of these | all of those | them all | them | everything | these | those |
          they | each of them`),
      ) !== undefined;
    const hasAll = !isBoth && cursor.take("all of", "all") !== undefined;
    const hasThe = cursor.take("of the", "the", "these", "those", "their", "your") !== undefined;
    const counted = takeCount(cursor);
    const hasNoun = takePluralNoun(cursor);
    if (isBoth) {
      return lastMany(draft, 2);
    }
    if (counted !== undefined) {
      if (!hasThe && !hasAll && !isPlain && !hasNoun) {
        return undefined;
      }
      return lastMany(draft, counted);
    }
    if (hasNoun && cursor.take("of", "from") !== undefined) {
      return takeItems(cursor, draft);
    }
    if (!isPlain && !hasNoun && !hasAll) {
      return undefined;
    }
    return lastMany(draft, undefined);
  });
}

/** The results that "them" means: the last so many, or those that nothing has used yet. */
export function lastMany(draft: PlanDraft, count: number | undefined): readonly Value[] | undefined {
  const open = draft.openResults();
  const last = draft.lastResults();
  const some = count === undefined ? (open.length > 1 ? open : last) : pick(open, last, draft.results, count);
  return some.length > 1 ? some.map((result) => result.value) : undefined;
}

function pick(
  open: readonly Result[],
  last: readonly Result[],
  all: readonly Result[],
  count: number,
): readonly Result[] {
  if (last.length === count) {
    return last;
  }
  if (open.length === count) {
    return open;
  }
  return all.length >= count ? all.slice(-count) : [];
}

/** The one result that "it" means; undefined where several stand side by side. */
export function theLast(draft: PlanDraft): Value | undefined {
  const last = draft.lastResults();
  return last.length === 1 ? last[0]?.value : undefined;
}

/** "step 1 and step 2", "steps 1, 2 and 3", "1 and 2". */
function takeItems(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  const values: Value[] = [];
  do {
    cursor.take("the", "both");
    cursor.take("steps", "step", "tasks", "task", "items", "parts", "questions", "calculations");
    const value = takeItem(cursor, draft);
    if (value === undefined) {
      return undefined;
    }
    values.push(value);
  } while (cursor.take(", and", "and", ",", "&") !== undefined);
  return values.length > 1 ? values : undefined;
}

/** "step 1", "result 2". */
function takeStep(cursor: Cursor, draft: PlanDraft): Value | undefined {
  const noun = cursor.take(
    ...phrases(`step | task | item | part | number | result | calculation | question | answer`),
  );
  return noun === undefined ? undefined : takeItem(cursor, draft);
}

function takeItem(cursor: Cursor, draft: PlanDraft): Value | undefined {
  const token = cursor.takeKind("number");
  const number = token === undefined ? smallNumber(cursor.word()) : Number(token.text);
  if (number === undefined) {
    return undefined;
  }
  if (token === undefined) {
    cursor.at += 1;
  }
  cursor.take("'s result", "'s");
  const inItem = draft.results.filter((result) => result.clause === number);
  return inItem.length === 1 ? inItem[0]?.value : undefined;
}

function takeOrdinal(cursor: Cursor, draft: PlanDraft): Value | undefined {
  cursor.take("the");
  const position = ordinal(cursor.word());
  if (position === undefined) {
    return undefined;
  }
  cursor.at += 1;
  cursor.take("calculation", "step", "one", "part", "task", "item", "question", "operation", "sum");
  return nth(draft, position);
}

/** After "the", "that" or "its": an ordinal, a noun for a result, or the name that a result earned. */
function takeNamed(cursor: Cursor, draft: PlanDraft, determiner: string): Value | undefined {
  cursor.take(
    ...phrases(`final | resulting | new | overall | whole | same | calculated | computed | obtained | previous |
      prior | above | earlier | last | latest | preceding | current | grand | combined`),
  );
  const position = ordinal(cursor.word());
  if (position !== undefined) {
    cursor.at += 1;
    cursor.take("result", "number", "one", "value", "answer", "total", "sum", "calculation", "file");
    return nth(draft, position);
  }
  const word = cursor.word();
  const tag = tagOf(word);
  if (RESULT_NOUNS.has(word)) {
    cursor.at += 1;
    skipOfIt(cursor);
    return theLast(draft) ?? undefined;
  }
  if (tag !== undefined) {
    return takeTagged(cursor, draft, tag);
  }
  return determiner === "that" || determiner === "this" ? theLast(draft) : undefined;
}

function takeTagged(cursor: Cursor, draft: PlanDraft, tag: string): Value | undefined {
  cursor.at += 1;
  if (tag === "words" || tag === "lines" || tag === "characters") {
    cursor.take("count");
  }
  if (["of", "between"].includes(cursor.word())) {
    return undefined;
  }
  cursor.take("value", "number", "price", "amount", "result", "count", "total");
  const tagged = draft.results.filter((result) => result.value.tags?.includes(tag));
  if (tagged.length > 0) {
    return tagged.at(-1)?.value;
  }
  // Several that nothing has used yet: "the sum" is theirs, not the name of the last.
  const last = draft.openResults().length > 1 ? undefined : theLast(draft);
  const tags = last?.tags ?? [];
  return tags.length === 0 || (tag === "sum" && tags.includes("count")) ? last : undefined;
}

/** "of that", "of the calculation": says nothing new after "the result". */
function skipOfIt(cursor: Cursor): void {
  cursor.take(
    ...phrases(`of that calculation | of this calculation | of the calculation | of that | of this | of it |
      so far | from before | you get | you got | from that | from step one`),
  );
}

function nth(draft: PlanDraft, position: number): Value | undefined {
  if (position === -1) {
    return draft.results.at(-1)?.value;
  }
  const last = draft.lastResults();
  const overall = draft.results[position - 1];
  const among = last.length > 1 ? last[position - 1] : overall;
  return among === overall ? overall?.value : undefined;
}

function takeCount(cursor: Cursor): number | undefined {
  const token = cursor.peek();
  const number = token?.kind === "number" ? Number(token.text) : smallNumber(cursor.word());
  if (number === undefined || number < 2 || number > 12) {
    return undefined;
  }
  cursor.at += 1;
  return number;
}

function takePluralNoun(cursor: Cursor): boolean {
  cursor.take("final", "previous", "resulting", "individual", "partial", "intermediate", "above", "separate");
  const word = cursor.word();
  const isNoun =
    word !== singular(word) && (RESULT_NOUNS.has(singular(word)) || tagOf(singular(word)) !== undefined);
  if (!isNoun) {
    return false;
  }
  cursor.at += 1;
  cursor.take("from above", "above", "together", "you got", "you get");
  return true;
}
