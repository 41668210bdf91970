import type { Cursor } from "./cursor.js";
import { oneStep, said, takeChange, takeDate, takeTwoDates, takeUnit } from "./date-words.js";
import type { PlanDraft } from "./plan-draft.js";
import { skipAsks } from "./to-step.js";
import type { Value } from "./values.js";
import { LEADS, phrases, TAILS } from "./words.js";

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
    if (date === undefined && time === undefined) {
      return undefined;
    }
    cursor.take("right now", "now", "currently", "at the moment");
    const zone = takeZone(cursor);
    cursor.take("right now", "now", "today");
    if (!cursor.done && cursor.take(...TAILS) === undefined) {
      return undefined;
    }
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
    if (cursor.take("in", "at", "for") === undefined) {
      return undefined;
    }
    const words: string[] = [];
    for (
      let token = cursor.peek();
      token !== undefined && (token.kind === "word" || token.kind === "path") && words.length < 3;
      token = cursor.peek()
    ) {
      if (["right", "now", "please", "today"].includes(token.text)) {
        break;
      }
      words.push(token.raw);
      cursor.at += 1;
    }
    const name = words.join("_").toLowerCase();
    if (name === "utc" || name === "gmt") {
      return "UTC";
    }
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
      if (cursor.take(...WEEKDAYS) === undefined) {
        return undefined;
      }
    }
    cursor.take(
      ...phrases(`is it on | will it be on | was it on | was | is | will | does | did | be | do we have on |
        it is | falls on`),
    );
    cursor.take("on", "it be", "it");
    const date: Value | undefined = cursor.done
      ? { text: "today", atomic: true, kind: "date" }
      : takeDate(cursor, draft);
    if (date === undefined) {
      return undefined;
    }
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
    if (cursor.take("what day", "which day") === undefined) {
      return undefined;
    }
    cursor.take(
      ...phrases(`will it be | is it | was it | comes | falls | is | was | will be | will | do i get if i |
        would it be`),
    );
    cursor.take("be", "it be");
    const date = takeDate(cursor, draft);
    if (date === undefined) {
      return undefined;
    }
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
    if (span !== undefined) {
      return [span];
    }
    const change = takeChange(cursor, draft);
    if (change !== undefined) {
      return [change];
    }
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
      if (unit === undefined) {
        return undefined;
      }
    } else if (cursor.take("the difference in", "difference in") !== undefined) {
      unit = takeUnit(cursor);
    } else if (
      cursor.take("the difference", "difference", "how long is it", "how long", "the time") === undefined
    ) {
      return undefined;
    }
    cursor.skip(
      phrases(`are there | are | is it | there | is | lie | passed | elapsed | passed by | left | remain |
        have | does it take | were | will | do we have`),
    );
    const dates = takeTwoDates(cursor, draft);
    if (dates === undefined) {
      return undefined;
    }
    if (cursor.take("in") !== undefined) {
      unit = takeUnit(cursor);
      if (unit === undefined) {
        return undefined;
      }
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
