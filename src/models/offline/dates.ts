import { skipAsks } from "./arithmetic-requests.js";
import { takeNumber } from "./arithmetic-words.js";
import type { Cursor } from "./cursor.js";
import { takeOneReference } from "./link-parts.js";
import { phrases } from "./phrases.js";
import type { PlanDraft, Value } from "./plan-draft.js";
import { LEADS, singular, TAILS } from "./words.js";

const UNITS = new Set(["day", "week", "month", "year", "hour", "minute"]);
const TIMES =
  phrases(`what time is it now | what time is it | what is the current time | what is the time now |
    what is the time | current time | the current time | time is it | the time`);
const TODAYS =
  phrases(`what is the date today | what is the current date | what is the date | what date is it today |
    what date is it | what date is today | what is today 's date | today 's date |
    what day is it today | what day is it | what day is today | what is today | current date |
    the current date`);
const WEEKDAYS = phrases(`the weekday of | weekday of | the day of the week of | the day of the week for |
    day of the week of | the weekday on | weekday on | the day of the week on | the weekday for | day of the week for | the day of week of |
    the day of the week on`);

/** Reads a question about dates or the time and adds its steps; undefined where it is something else. */
export function takeDates(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() =>
    draft.attempt(() => {
      const values =
        takeClock(cursor, draft) ??
        takeWeekday(cursor, draft) ??
        takeShiftedDay(cursor, draft) ??
        takeDateValueRequest(cursor, draft);
      cursor.skip(TAILS);
      return cursor.done ? values : undefined;
    }),
  );
}

function takeClock(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    cursor.skip(LEADS);
    const date = cursor.take(...TODAYS);
    const time = date === undefined ? cursor.take(...TIMES) : undefined;
    if (date === undefined && time === undefined) return undefined;
    cursor.take("right now", "now", "currently", "at the moment");
    const zone = takeZone(cursor);
    cursor.take("right now", "now", "today");
    if (!cursor.done && cursor.take(...TAILS) === undefined) return undefined;
    const id = draft.addStep(
      "current_time",
      zone === undefined ? {} : { timezone: zone },
      zone === undefined ? "Look at the clock" : `Look at the clock in ${zone}`,
    );
    const path = time !== undefined ? "time" : "date";
    return id === undefined
      ? undefined
      : [{ text: `{{${id}.${path}}}`, atomic: true, kind: "date", tags: [path, "time"] }];
  });
}

/** "in Tokyo", "in UTC", "in Europe/Berlin": the time zone that the words name. */
function takeZone(cursor: Cursor): string | undefined {
  return cursor.attempt(() => {
    if (cursor.take("in", "at", "for") === undefined) return undefined;
    const words: string[] = [];
    for (
      let token = cursor.peek();
      token !== undefined && (token.kind === "word" || token.kind === "path") && words.length < 3;
      token = cursor.peek()
    ) {
      if (["right", "now", "please", "today"].includes(token.text)) break;
      words.push(token.raw);
      cursor.at += 1;
    }
    const name = words.join("_").toLowerCase();
    if (name === "utc" || name === "gmt") return "UTC";
    return Intl.supportedValuesOf("timeZone").find(
      (zone) => zone.toLowerCase() === name || zone.toLowerCase().endsWith(`/${name}`),
    );
  });
}

/** "what day of the week is 2024-07-04", "which weekday was March 1, 2024", "on what day does … fall". */
function takeWeekday(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    cursor.skip(LEADS);
    cursor.take("on");
    const asks =
      cursor.take(
        "what day of the week",
        "which day of the week",
        "what weekday",
        "which weekday",
        "what day of week",
      ) !== undefined;
    if (!asks) {
      skipAsks({ cursor });
      if (cursor.take(...WEEKDAYS) === undefined) return undefined;
    }
    cursor.take(
      ...phrases(`is it on | will it be on | was it on | was | is | will | does | did | be | do we have on |
        it is | falls on`),
    );
    cursor.take("on", "it be", "it");
    const date: Value | undefined = cursor.done
      ? { text: "today", atomic: true, kind: "date" }
      : takeDate(cursor, draft);
    if (date === undefined) return undefined;
    cursor.take("fall on", "fall", "be", "on", "land on", "was");
    return oneStep(
      draft,
      { operation: "weekday", date: date.text },
      `Weekday of ${said(date)}`,
      ["weekday", "date"],
      "text",
    );
  });
}

/** "what day is 90 days from 2026-01-15": the date, and its weekday beside it. */
function takeShiftedDay(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    cursor.skip(LEADS);
    cursor.take("on");
    if (cursor.take("what day", "which day") === undefined) return undefined;
    cursor.take(
      ...phrases(`will it be | is it | was it | comes | falls | is | was | will be | will | do i get if i |
        would it be`),
    );
    cursor.take("be", "it be");
    const date = takeDate(cursor, draft);
    if (date === undefined) return undefined;
    cursor.take("be", "fall on", "fall");
    const weekday = oneStep(
      draft,
      { operation: "weekday", date: date.text },
      `Weekday of ${said(date)}`,
      ["weekday"],
      "text",
    );
    return weekday && (date.text.startsWith("{{") ? [date, ...weekday] : weekday);
  });
}

/** A command or question whose answer is a date or a span: "add 3 weeks to 2024-01-01", "how many days between … and …". */
function takeDateValueRequest(cursor: Cursor, draft: PlanDraft): readonly Value[] | undefined {
  return cursor.attempt(() => {
    cursor.skip(LEADS);
    const span = takeSpan(cursor, draft);
    if (span !== undefined) return [span];
    const change = takeChange(cursor, draft);
    if (change !== undefined) return [change];
    cursor.take(
      ...phrases(`what will the date be | what will be the date | what was the date | what date | which date |
        when is | when was | when will it be`),
    );
    cursor.skip(["is it", "will it be", "was it", "comes", "falls", "would be", "will be", "is", "was"]);
    skipAsks({ cursor });
    cursor.take("the date that is", "the date", "date", "the day that is", "the day");
    cursor.take("of", "which is", "that is");
    const date = takeDate(cursor, draft);
    return date?.text.startsWith("{{") && draft.steps.length > 0 ? [date] : undefined;
  });
}

/** A span between two dates as a number: also a value inside arithmetic. */
export function takeSpan(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    skipAsks({ cursor });
    let unit: string | undefined;
    if (cursor.take("how many", "the number of", "number of") !== undefined) {
      unit = takeUnit(cursor);
      if (unit === undefined) return undefined;
    } else if (cursor.take("the difference in", "difference in") !== undefined) {
      unit = takeUnit(cursor);
    } else if (
      cursor.take("the difference", "difference", "how long is it", "how long", "the time") === undefined
    )
      return undefined;
    cursor.skip(
      phrases(`are there | are | is it | there | is | lie | passed | elapsed | passed by | left | remain |
        have | does it take | were | will | do we have`),
    );
    const dates = takeTwoDates(cursor, draft);
    if (dates === undefined) return undefined;
    if (cursor.take("in") !== undefined) {
      unit = takeUnit(cursor);
      if (unit === undefined) return undefined;
    }
    const [date, other] = dates;
    const made = oneStep(
      draft,
      { operation: "difference", date: date.text, other: other.text, unit: unit ?? "days" },
      `Number of ${unit ?? "days"} from ${said(date)} to ${said(other)}`,
      [unit ?? "days", "difference", "count"],
      "number",
    );
    return made?.[0];
  });
}

function takeTwoDates(cursor: Cursor, draft: PlanDraft): readonly [Value, Value] | undefined {
  const today: Value = { text: "today", atomic: true, kind: "date" };
  if (cursor.take("until", "till", "to", "before") !== undefined) {
    const until = takeDate(cursor, draft);
    if (until === undefined) return undefined;
    const from =
      cursor.take("from", "starting from", "counting from") === undefined ? today : takeDate(cursor, draft);
    return from && [from, until];
  }
  if (cursor.take("since", "after") !== undefined) {
    const since = takeDate(cursor, draft);
    return since && [since, today];
  }
  cursor.take("between", "from", "of", "separate");
  const first = takeDate(cursor, draft);
  if (first === undefined) return undefined;
  if (cursor.take("and", "to", "until", "till", "through") === undefined) return undefined;
  const second = takeDate(cursor, draft);
  return second && [first, second];
}

function takeChange(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    skipAsks({ cursor });
    const verb = cursor.take("add", "subtract", "take", "deduct");
    if (verb === undefined) return undefined;
    const amount = takeAmount(cursor);
    if (amount === undefined || cursor.take("to", "from", "off", "away from") === undefined) return undefined;
    const date = takePlainDate(cursor, draft);
    return date && shift(draft, verb === "add" ? "add" : "subtract", date, amount);
  });
}

type Amount = { readonly amount: number; readonly unit: string };

function takeAmount(cursor: Cursor): Amount | undefined {
  return cursor.attempt(() => {
    if (cursor.take("a", "an", "one") !== undefined) {
      const single = takeUnit(cursor);
      return single === undefined ? undefined : { amount: 1, unit: single };
    }
    const number = takeNumber(cursor);
    const unit = takeUnit(cursor);
    return number === undefined || unit === undefined ? undefined : { amount: Number(number.text), unit };
  });
}

function takeUnit(cursor: Cursor): string | undefined {
  const unit = singular(cursor.word());
  if (!UNITS.has(unit)) return undefined;
  cursor.at += 1;
  return `${unit}s`;
}

/** A date, or what is so and so long before or after one. */
function takeDate(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    const away = cursor.take("in") !== undefined;
    const amount = takeAmount(cursor);
    if (amount !== undefined) return takeShift(cursor, draft, amount, away);
    if (away) return undefined;
    let date = takePlainDate(cursor, draft);
    while (date !== undefined) {
      const operator = cursor.take("plus", "+", "minus", "-");
      if (operator === undefined) return date;
      const by = takeAmount(cursor);
      date =
        by === undefined
          ? undefined
          : shift(draft, operator === "plus" || operator === "+" ? "add" : "subtract", date, by);
    }
    return undefined;
  });
}

function takeShift(cursor: Cursor, draft: PlanDraft, amount: Amount, away: boolean): Value | undefined {
  const today: Value = { text: "today", atomic: true, kind: "date" };
  if (cursor.take("ago") !== undefined) return shift(draft, "subtract", today, amount);
  const after = cursor.take("from now", "later than", "from", "after", "past", "following", "later");
  if (after === "from now" || (after === "later" && cursor.done) || (away && after === undefined))
    return shift(draft, "add", today, amount);
  const before =
    after === undefined ? cursor.take("before", "prior to", "earlier than", "preceding") : undefined;
  if (after === undefined && before === undefined) return undefined;
  const date = takePlainDate(cursor, draft);
  return date && shift(draft, after === undefined ? "subtract" : "add", date, amount);
}

function takePlainDate(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    cursor.take("the date", "the day");
    const token = cursor.takeKind("date");
    if (token !== undefined) return { text: token.text, atomic: true, kind: "date" };
    const day = cursor.take("today 's date", "today", "tomorrow", "yesterday", "now");
    if (day !== undefined) return { text: day.replace(" 's date", ""), atomic: true, kind: "date" };
    const earlier = takeOneReference(cursor, draft);
    return earlier?.kind === "date" ? earlier : undefined;
  });
}

function shift(
  draft: PlanDraft,
  operation: "add" | "subtract",
  date: Value,
  { amount, unit }: Amount,
): Value | undefined {
  const words = `${amount} ${amount === 1 ? singular(unit) : unit} ${operation === "add" ? "after" : "before"} ${said(date)}`;
  return oneStep(draft, { operation, date: date.text, amount, unit }, words, ["date"], "date")?.[0];
}

function oneStep(
  draft: PlanDraft,
  args: Record<string, string | number>,
  description: string,
  tags: readonly string[],
  kind: Value["kind"],
): readonly [Value] | undefined {
  const id = draft.addStep("date_math", args, description);
  return id === undefined ? undefined : [{ text: `{{${id}}}`, atomic: true, kind, tags }];
}

function said(date: Value): string {
  return date.text.startsWith("{{") ? "that date" : date.text;
}
