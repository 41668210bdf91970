/**
 * Dates as people write them, and sums over them.
 *
 * A date without an offset is what a calendar or a wall clock shows: it is counted in UTC, where no hour is
 * missing or comes twice, and written back without an offset. One with an offset is an instant and keeps its
 * offset. A date without a time stays one as long as nothing makes it otherwise.
 */
import { DateTime } from "luxon";
import { BuiltinToolError } from "../tool-errors.js";

/** What dates are counted in. */
export type DateUnit = "minutes" | "hours" | "days" | "weeks" | "months" | "years";

/** What time it is, and where. */
export interface Clock {
  now(): Date;
  /** IANA name of the time zone that "today" is meant in; undefined: the computer's own. */
  readonly timezone?: string | undefined;
}

/** A date as it was written. */
export interface CalendarDate {
  readonly value: DateTime<true>;
  readonly hasTime: boolean;
  readonly hasOffset: boolean;
}

const DAYS_FROM_TODAY: ReadonlyMap<string, number> = new Map([
  ["today", 0],
  ["tomorrow", 1],
  ["yesterday", -1],
]);

/** The moment in a time zone; throws where there is no such zone. */
export function localNow(clock: Clock, timezone = clock.timezone): DateTime<true> {
  const local = DateTime.fromJSDate(clock.now(), { zone: timezone ?? "local" });
  if (local.isValid) return local.setLocale("en");
  throw invalid(
    `There is no time zone "${timezone?.slice(0, 80)}". Use an IANA name such as Europe/Berlin or America/New_York, or UTC.`,
  );
}

/** Characters of the longest date that is read. */
const MAX_DATE = 100;

/** The date that a text means; throws where it means none. */
export function readDate(text: string, clock: Clock): CalendarDate {
  if (text.length > MAX_DATE) {
    throw invalid(
      `The date has ${text.length} characters; ${MAX_DATE} are the most: "${text.slice(0, 40)}…".`,
    );
  }
  const word = text.trim().toLowerCase();
  const wall = (now: DateTime) => now.setZone("utc", { keepLocalTime: true });
  const offsetDays = DAYS_FROM_TODAY.get(word);
  if (offsetDays !== undefined) {
    const value = wall(localNow(clock)).startOf("day").plus({ days: offsetDays });
    return { value: assertValid(value, text), hasTime: false, hasOffset: false };
  }
  if (word === "now") {
    const value = wall(localNow(clock)).startOf("second");
    return { value: assertValid(value, text), hasTime: true, hasOffset: false };
  }
  return readWrittenDate(text);
}

function readWrittenDate(text: string): CalendarDate {
  const trimmed = text.trim();
  const hasTime = /\d[T ]\d{1,2}(:|\d\d|Z|[+-])/i.test(trimmed);
  const hasOffset = hasTime && /(Z|[+-]\d\d(:?\d\d)?)$/i.test(trimmed);
  const options = { zone: "utc", setZone: true, locale: "en" };
  const iso = DateTime.fromISO(trimmed.replace(/^(\d{4}-\d\d-\d\d) +(?=\d)/, "$1T"), options);
  if (iso.isValid) return { value: iso, hasTime, hasOffset };
  for (const format of [
    "d LLLL yyyy",
    "d LLL yyyy",
    "LLLL d, yyyy",
    "LLL d, yyyy",
    "LLLL d yyyy",
    "yyyy/M/d",
    "yyyy-M-d",
  ]) {
    const value = DateTime.fromFormat(trimmed, format, options);
    if (value.isValid) return { value, hasTime: false, hasOffset: false };
  }
  return { value: assertValid(iso, text), hasTime, hasOffset };
}

/** The date so many units later; earlier, where the amount is negative. */
export function shiftDate(date: CalendarDate, amount: number, unit: DateUnit): CalendarDate {
  const value: DateTime = date.value.plus({ [unit]: amount });
  if (!isValidDate(value)) throw invalid(`${amount} ${unit} from ${writeDate(date)} is no date.`);
  const isWholeDay = value.startOf("day").equals(value);
  const hasTime = date.hasTime || unit === "hours" || unit === "minutes" || !isWholeDay;
  return { ...date, value, hasTime };
}

/** How many units there are from one date to another; negative where the other comes first. */
export function dateDifference(from: CalendarDate, to: CalendarDate, unit: DateUnit): number {
  const amount = to.value.diff(from.value, unit).as(unit);
  return Number.isInteger(amount) ? amount : Number(amount.toPrecision(12));
}

/** The date as ISO text, as exact as it was written. */
export function writeDate({ value, hasTime, hasOffset }: CalendarDate): string {
  if (!hasTime) return value.toISODate();
  return value.toISO({ suppressMilliseconds: true, includeOffset: hasOffset });
}

function assertValid(value: DateTime, text: string): DateTime<true> {
  if (isValidDate(value)) return value;
  throw invalid(
    `"${text.slice(0, 80)}" is no date that can be read. Write it as 2024-12-31, as 2024-12-31T18:00, or as today or now.`,
  );
}

function isValidDate(value: DateTime): value is DateTime<true> {
  return value.isValid;
}

function invalid(message: string): BuiltinToolError {
  return new BuiltinToolError("INVALID_DATE", message);
}
