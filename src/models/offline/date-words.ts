import type { Cursor } from "./cursor.js";
import { takeOneReference } from "./link-parts.js";
import { takeNumber } from "./numbers.js";
import type { PlanDraft } from "./plan-draft.js";
import { skipAsks } from "./to-step.js";
import type { Value } from "./values.js";
import { singular } from "./words.js";

const UNITS = new Set(["day", "week", "month", "year", "hour", "minute"]);

export function takeTwoDates(cursor: Cursor, draft: PlanDraft): readonly [Value, Value] | undefined {
  const today: Value = { text: "today", atomic: true, kind: "date" };
  if (cursor.take("until", "till", "to", "before") !== undefined) {
    const until = takeDate(cursor, draft);
    if (until === undefined) {
      return undefined;
    }
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
  if (first === undefined) {
    return undefined;
  }
  if (cursor.take("and", "to", "until", "till", "through") === undefined) {
    return undefined;
  }
  const second = takeDate(cursor, draft);
  return second && [first, second];
}

export function takeChange(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    skipAsks({ cursor });
    const verb = cursor.take("add", "subtract", "take", "deduct");
    if (verb === undefined) {
      return undefined;
    }
    const amount = takeAmount(cursor);
    if (amount === undefined || cursor.take("to", "from", "off", "away from") === undefined) {
      return undefined;
    }
    const date = takePlainDate(cursor, draft);
    return date && shift(draft, verb === "add" ? "add" : "subtract", date, amount);
  });
}

interface Amount {
  readonly amount: number;
  readonly unit: string;
}

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

export function takeUnit(cursor: Cursor): string | undefined {
  const unit = singular(cursor.word());
  if (!UNITS.has(unit)) {
    return undefined;
  }
  cursor.at += 1;
  return `${unit}s`;
}

/** A date, or what is so and so long before or after one. */
export function takeDate(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    const away = cursor.take("in") !== undefined;
    const amount = takeAmount(cursor);
    if (amount !== undefined) {
      return takeShift(cursor, draft, amount, away);
    }
    if (away) {
      return undefined;
    }
    let date = takePlainDate(cursor, draft);
    while (date !== undefined) {
      const operator = cursor.take("plus", "+", "minus", "-");
      if (operator === undefined) {
        return date;
      }
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
  if (cursor.take("ago") !== undefined) {
    return shift(draft, "subtract", today, amount);
  }
  const after = cursor.take("from now", "later than", "from", "after", "past", "following", "later");
  if (after === "from now" || (after === "later" && cursor.done) || (away && after === undefined)) {
    return shift(draft, "add", today, amount);
  }
  const before =
    after === undefined ? cursor.take("before", "prior to", "earlier than", "preceding") : undefined;
  if (after === undefined && before === undefined) {
    return undefined;
  }
  const date = takePlainDate(cursor, draft);
  return date && shift(draft, after === undefined ? "subtract" : "add", date, amount);
}

function takePlainDate(cursor: Cursor, draft: PlanDraft): Value | undefined {
  return cursor.attempt(() => {
    cursor.take("the date", "the day");
    const token = cursor.takeKind("date");
    if (token !== undefined) {
      return { text: token.text, atomic: true, kind: "date" };
    }
    const day = cursor.take("today 's date", "today", "tomorrow", "yesterday", "now");
    if (day !== undefined) {
      return { text: day.replace(" 's date", ""), atomic: true, kind: "date" };
    }
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

export function oneStep(
  draft: PlanDraft,
  args: Record<string, string | number>,
  description: string,
  tags: readonly string[],
  kind: Value["kind"],
): readonly [Value] | undefined {
  const id = draft.addStep("date_math", args, description);
  return id === undefined ? undefined : [{ text: `{{${id}}}`, atomic: true, kind, tags }];
}

export function said(date: Value): string {
  return date.text.startsWith("{{") ? "that date" : date.text;
}
