/**
 * Reads dates as people write them, and calculates with them.
 *
 * A date without an offset is what a calendar or a wall clock shows. It is calculated in UTC, where no hour
 * is missing or occurs twice, and is written back without an offset. A date with an offset is an instant and
 * keeps its offset. A date without a time stays one until something gives it a time.
 */
import { tool } from "@langchain/core/tools";
import { DateTime } from "luxon";
import { z } from "zod";
import { BuiltinToolError } from "../tool-errors.js";

/** Units for calculating with dates. */
type DateUnit = "minutes" | "hours" | "days" | "weeks" | "months" | "years";

/** Tells what time it is, and where. */
interface Clock {
  now(): Date;
  /** IANA name of the time zone that "today" refers to; undefined means the computer's own. */
  readonly timezone?: string | undefined;
}

/** A date, and which parts were written out. */
interface CalendarDate {
  readonly value: DateTime<true>;
  readonly hasTime: boolean;
  readonly hasOffset: boolean;
}

const currentTimeSchema = z.object({
  timezone: z
    .string()
    .nullish()
    .describe("IANA time zone such as Europe/Berlin; left out: the computer's own."),
});

/** Creates the tool that tells the time: `{ timezone? }` → `{ iso, date, time, weekday, timezone }`. */
export function createCurrentTimeTool(clock: Clock) {
  return tool(
    ({ timezone }) => {
      const now = localNow(clock, timezone || undefined);
      return {
        iso: now.toISO({ suppressMilliseconds: true }),
        date: now.toISODate(),
        time: now.toFormat("HH:mm:ss"),
        weekday: now.weekdayLong,
        timezone: now.zoneName,
      };
    },
    {
      name: "current_time",
      description: "Tells what time it is now, here or in a time zone.",
      schema: currentTimeSchema,
      metadata: {
        readOnly: true,
        outputExample: { iso: "", date: "", time: "", weekday: "", timezone: "" },
      },
    },
  );
}

const dateMathSchema = z.object({
  operation: z
    .enum(["add", "subtract", "difference", "weekday"])
    .describe("add or subtract an amount, the difference from date to other, or the weekday of date."),
  date: z.string().describe('ISO date or date-time, or "today", "now", "tomorrow", "yesterday".'),
  amount: z.number().nullish().describe("How many units to add or subtract."),
  unit: z
    .enum(["days", "weeks", "months", "years", "hours", "minutes"])
    .nullish()
    .describe("Unit of the amount or of the difference; left out: days."),
  other: z.string().nullish().describe("The second date of a difference; left out: today."),
});

/**
 * Creates the tool that calculates with dates. It returns:
 * - add, subtract: an ISO date, or a date-time if a time is involved
 * - difference: the number of units from `date` to `other`, or to today
 * - weekday: its English name
 */
export function createDateMathTool(clock: Clock) {
  return tool((input) => calculate(input, clock), {
    name: "date_math",
    description:
      "Calculates with dates: adds or subtracts an amount, tells the difference to another date, or the weekday of a date.",
    schema: dateMathSchema,
    metadata: { readOnly: true, outputSchema: { type: ["number", "string"] } },
  });
}

function calculate(input: z.infer<typeof dateMathSchema>, clock: Clock): string | number {
  const unit = input.unit ?? "days";
  const date = readDate(input.date, clock);
  assertNoAmount(input);
  switch (input.operation) {
    case "weekday":
      return date.value.setLocale("en").weekdayLong;
    case "difference":
      return dateDifference(date, readDate(input.other ?? "today", clock), unit);
    default: {
      const amount = required(input.amount, "amount", input.operation);
      return writeDate(shiftDate(date, input.operation === "add" ? amount : -amount, unit));
    }
  }
}

/** Throws for an amount that would be left out without a word. */
function assertNoAmount({ operation, amount }: z.infer<typeof dateMathSchema>): void {
  const takes = TAKES_NO_AMOUNT.get(operation);
  if (takes !== undefined && typeof amount === "number") {
    throw invalid(`The operation "${operation}" takes no "amount". It takes ${takes}.`);
  }
}

const TAKES_NO_AMOUNT: ReadonlyMap<string, string> = new Map([
  ["difference", '"date", "other" and "unit"'],
  ["weekday", '"date"'],
]);

function required<Value>(value: Value | null | undefined, name: string, operation: string): Value {
  if (value !== undefined && value !== null) {
    return value;
  }
  throw new BuiltinToolError("INVALID_DATE", `The operation "${operation}" needs "${name}".`);
}

const DAYS_FROM_TODAY: ReadonlyMap<string, number> = new Map([
  ["today", 0],
  ["tomorrow", 1],
  ["yesterday", -1],
]);

/** Returns the current moment in a time zone. Throws if there is no such zone. */
function localNow(clock: Clock, timezone = clock.timezone): DateTime<true> {
  const local = DateTime.fromJSDate(clock.now(), { zone: timezone ?? "local" });
  if (local.isValid) {
    return local.setLocale("en");
  }
  throw invalid(
    `There is no time zone "${timezone?.slice(0, 80)}". Use an IANA name such as Europe/Berlin or America/New_York, or UTC.`,
  );
}

/** Length limit for a written date, in characters. */
const MAX_DATE = 100;

/** Returns the date that a text means. Throws if it means none. */
function readDate(text: string, clock: Clock): CalendarDate {
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
  if (iso.isValid) {
    return { value: iso, hasTime, hasOffset };
  }
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
    if (value.isValid) {
      return { value, hasTime: false, hasOffset: false };
    }
  }
  return { value: assertValid(iso, text), hasTime, hasOffset };
}

/** Moves a date by a number of units; a negative amount moves it back. */
function shiftDate(date: CalendarDate, amount: number, unit: DateUnit): CalendarDate {
  const value: DateTime = date.value.plus({ [unit]: amount });
  if (!isValidDate(value)) {
    throw invalid(`${amount} ${unit} from ${writeDate(date)} is no date.`);
  }
  const isWholeDay = value.startOf("day").equals(value);
  const hasTime = date.hasTime || unit === "hours" || unit === "minutes" || !isWholeDay;
  return { ...date, value, hasTime };
}

/** Counts the units from one date to another; the result is negative if `to` comes first. */
function dateDifference(from: CalendarDate, to: CalendarDate, unit: DateUnit): number {
  const amount = to.value.diff(from.value, unit).as(unit);
  return Number.isInteger(amount) ? amount : Number(amount.toPrecision(12));
}

/** Writes a date as ISO text, as precisely as it was written. */
function writeDate({ value, hasTime, hasOffset }: CalendarDate): string {
  if (!hasTime) {
    return value.toISODate();
  }
  return value.toISO({ suppressMilliseconds: true, includeOffset: hasOffset });
}

function assertValid(value: DateTime, text: string): DateTime<true> {
  if (isValidDate(value)) {
    return value;
  }
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
