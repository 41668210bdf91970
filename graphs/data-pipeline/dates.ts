import { DateTime } from "luxon";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
/** Ways to write a day of which each can be read in one way only. */
const PLAIN_FORMATS = [
  "yyyy/M/d",
  "yyyy.M.d",
  "d.M.yyyy",
  "d MMM yyyy",
  "d MMMM yyyy",
  "MMM d, yyyy",
  "MMMM d, yyyy",
];

/** Whether a text is a day that there is, as 2026-02-28. */
export function isDate(text: string): boolean {
  return DATE.test(text) && isDay(text);
}

/** Whether a text is a day that there is and a time, as ISO 8601 writes it. */
export function isDateTime(text: string): boolean {
  if (!DATE_TIME.test(text) || !isDay(text.slice(0, 10))) {
    return false;
  }
  return DateTime.fromISO(text.replace(" ", "T")).isValid;
}

/** Without a library: a table may have a hundred thousand of them. */
function isDay(text: string): boolean {
  const month = Number(text.slice(5, 7));
  const day = Number(text.slice(8, 10));
  if (month < 1 || month > 12 || day < 1) {
    return false;
  }
  return day <= new Date(Date.UTC(Number(text.slice(0, 4)), month, 0)).getUTCDate();
}

/** A day that is written in another way, as ISO has it: in one of the formats, or where nothing is to be guessed. */
export function parseDate(text: string, formats: readonly string[]): string | undefined {
  const trimmed = text.trim();
  if (isDate(trimmed)) {
    return trimmed;
  }
  if (isDateTime(trimmed)) {
    return trimmed.slice(0, 10);
  }
  for (const format of [...formats, ...PLAIN_FORMATS]) {
    const parsed = DateTime.fromFormat(trimmed, format, { locale: "en", zone: "utc" });
    if (parsed.isValid) {
      return parsed.toISODate();
    }
  }
  return undefined;
}
