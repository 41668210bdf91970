import type { SummaryWish } from "./pipeline-goal.js";
import { stripQuotes } from "./words.js";

const BY = /^(.*?)\s+(?:by|per|for each|for every|grouped by)\s+(.+)$/i;
const NAMED = /\s+(?:as|called|named|into(?: the)? table|in(?: the)? table)\s+(["'`]?[\w-]+["'`]?)\s*$/i;
const FUNCTIONS: readonly (readonly [RegExp, SummaryWish["by"]])[] = [
  [/^(?:the )?(?:number|count) of (?:distinct|different|unique)\s+/i, "distinct"],
  [/^(?:the )?(?:number|count) of\s+/i, "count"],
  [/^how many\s+/i, "count"],
  [/^(?:the )?(?:average|mean|avg)(?: of)?\s+/i, "average"],
  [/^(?:the )?(?:highest|largest|greatest|maximum|max|latest)(?: of)?\s+/i, "maximum"],
  [/^(?:the )?(?:lowest|smallest|least|minimum|min|earliest)(?: of)?\s+/i, "minimum"],
  [/^(?:the )?(?:sum|total)(?: of)?\s+/i, "sum"],
];
/** Where a wish ends: at a condition, a rule, or a word on how it is all done. */
const END =
  /\s*(?:[.;]|\bwhere\b|\bonly\b|\bafter\b|\bbefore\b|\bbut\b|\brenam|\bmust\b|\bappend|\breplac|\boverwrit|\bthen\b|\band\s+(?:write|report|check|enforce|validate|quarantine|rename|replace|append)\b|,\s*(?:and\s+)?(?:write|report|check|enforce|validate|quarantine|rename|replac|append|overwrit)).*$/i;

/** The figures that a text asks for: "revenue by customer and the number of orders per month as orders_by_month". */
export function readSummaries(text: string): SummaryWish[] {
  const bare = text.replace(
    /^[\s,;.:]*(?:and\s+)?(?:also\s+)?(?:with|plus|together with|including|along with|adding|add|compute|computing)?\s*/i,
    "",
  );
  return splitWishes(bare.replace(END, "")).flatMap((part) => readSummary(part) ?? []);
}

/**
 * "and" parts wishes where a "by" stands on both of its sides; behind a "by" it parts dimensions, and before one it
 * parts figures that share it.
 */
function splitWishes(text: string): string[] {
  const wishes: string[] = [];
  let waiting: string[] = [];
  for (const part of text.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s+plus\s+/i)) {
    const last = wishes.at(-1);
    const by = BY.exec(part)?.[2];
    if (by !== undefined) {
      const dimensions = by.replace(NAMED, "");
      wishes.push(...waiting.map((figure) => `${figure} by ${dimensions}`), part);
      waiting = [];
    } else if (last !== undefined && !NAMED.test(last)) {
      wishes[wishes.length - 1] = `${last} and ${part}`;
    } else {
      waiting.push(part);
    }
  }
  return wishes;
}

function readSummary(part: string): SummaryWish | undefined {
  const named = NAMED.exec(part);
  const bare = named === null ? part : part.slice(0, named.index);
  const [, what = "", by = ""] = BY.exec(bare.trim()) ?? [];
  if (what === "" || by === "") {
    return undefined;
  }
  const words = what.replace(/^(?:the|a|an|with|and|also|their)\s+/i, "").trim();
  const found = FUNCTIONS.find(([pattern]) => pattern.test(words));
  const measure = found === undefined ? words : words.replace(found[0], "");
  const dimensions = by
    .split(/\s*,\s*(?:and\s+)?|\s+and\s+/i)
    .map((name) => stripQuotes(name.replace(/^(?:the|each|every)\s+/i, "").trim()));
  const table = named?.[1] === undefined ? {} : { table: stripQuotes(named[1]) };
  return { measure: stripQuotes(measure), by: found?.[1] ?? "sum", dimensions, ...table };
}
