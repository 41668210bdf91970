/** In which order the numbers of a date with slashes stand. */
export type SlashOrder = "month first" | "day first" | "unknown";

/** The order of dates such as 3/14/2026, as far as the file shows it: a number above 12 is no month. */
export function findSlashOrder(dates: readonly string[]): SlashOrder {
  for (const text of dates) {
    const [, first, second] = /^(\d{1,2})\/(\d{1,2})\/\d{4}/.exec(text) ?? [];
    if (Number(first) > 12) {
      return "day first";
    }
    if (Number(second) > 12) {
      return "month first";
    }
  }
  return "unknown";
}

/** A date as text that sorts, 2026-03-14 with its time behind it where it has one; undefined where it is none. */
export function readDate(text: string, slashes: SlashOrder): string | undefined {
  const [, day = "", time = ""] = /^(\S+?)(?:[T ](\d{1,2}:\d{2}.*))?$/.exec(text) ?? [];
  const iso = toIsoDay(day, slashes);
  if (iso === undefined) {
    return undefined;
  }
  const at = new Date(`${iso}T00:00:00Z`);
  // A day that there is not, the 30th of February, comes out as another.
  if (Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== iso) {
    return undefined;
  }
  if (time === "") {
    return iso;
  }
  const [, hour = "", rest = ""] = /^(\d{1,2}):(.*)$/.exec(time) ?? [];
  const isMidnight = /^0?0:00(?::00(?:\.0+)?)?(?:Z|[+-]\d{2}:?\d{2})?$/.test(time);
  return isMidnight ? iso : `${iso}T${hour.padStart(2, "0")}:${rest}`;
}

function toIsoDay(day: string, slashes: SlashOrder): string | undefined {
  const [, year = "", month = "", date = ""] =
    /^(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})$/.exec(day) ??
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(day) ??
    [];
  if (year !== "") {
    return [year, month.padStart(2, "0"), date.padStart(2, "0")].join("-");
  }
  const [, first = "", mark = "", second = "", end = ""] =
    /^(\d{1,2})([./])(\d{1,2})\2(\d{4})$/.exec(day) ?? [];
  if (end === "" || (mark === "/" && slashes === "unknown")) {
    return undefined;
  }
  const monthIsFirst = mark === "/" && slashes === "month first";
  const [m, d] = monthIsFirst ? [first, second] : [second, first];
  return [end, m.padStart(2, "0"), d.padStart(2, "0")].join("-");
}

/** A number as price files write it ("$1,234.50", or "1.234,50" where a comma is no separator); undefined where it is none. */
export function readNumber(text: string, hasDecimalComma: boolean): number | undefined {
  const bare = text.replace(/^[$€£]\s?/, "");
  const [thousands, point] = hasDecimalComma && bare.includes(",") ? [/\./g, ","] : [/,/g, "."];
  const isGrouped = !/[.,]\d*[.,]/.test(bare) || /^\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?$/.test(bare);
  const plain = bare.replace(thousands, "").replace(point, ".");
  return isGrouped && /^\d*\.?\d+(?:e[+-]?\d+)?$/i.test(plain) ? Number(plain) : undefined;
}
