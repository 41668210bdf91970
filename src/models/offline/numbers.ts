import type { Cursor } from "./cursor.js";
import { literal, type Value } from "./values.js";
import { SCALES, smallNumber } from "./words.js";

const CURRENCIES = ["dollars", "dollar", "euros", "euro", "pounds", "usd", "eur", "gbp", "bucks", "€", "£"];

/** Reads a number: digits or words, with a scale, a percent sign, a currency. */
export function takeNumber(cursor: Cursor): Value | undefined {
  return cursor.attempt(() => {
    cursor.take("the number", "$", "€", "£");
    const text = takeDigits(cursor) ?? takeNumberWords(cursor);
    if (text === undefined) {
      return undefined;
    }
    cursor.take(...CURRENCIES);
    if (cursor.word() === "%" && startsOperand(cursor, 1)) {
      return literal(text);
    }
    if (cursor.take("%", "percent", "per cent", "pct") === undefined) {
      return literal(text);
    }
    return { text: `${text} / 100`, atomic: false, kind: "number", percent: true };
  });
}

function takeDigits(cursor: Cursor): string | undefined {
  const token = cursor.takeKind("number");
  if (token === undefined) {
    return undefined;
  }
  const scale = SCALES[cursor.word()];
  if (scale === undefined) {
    return token.text;
  }
  cursor.at += 1;
  return String(Number(token.text) * scale);
}

/** "two hundred and five", "a dozen", "twenty-five thousand". */
function takeNumberWords(cursor: Cursor): string | undefined {
  let total = 0;
  let part: number | undefined;
  const isDozen = cursor.take("a") !== undefined;
  if (isDozen && SCALES[cursor.word()] === undefined) {
    return undefined;
  }
  if (isDozen) {
    part = 1;
  }
  for (;;) {
    const small = smallNumber(cursor.word());
    const scale = SCALES[cursor.word()];
    if (scale !== undefined && part !== undefined) {
      if (scale >= 1_000) {
        total += part * scale;
        part = 0;
      } else {
        part *= scale;
      }
    } else if (
      small !== undefined &&
      (part === undefined || part % 100 === 0 || (small < 10 && part % 10 === 0 && part % 100 >= 20))
    ) {
      part = (part ?? 0) + small;
    } else if (
      cursor.word() === "and" &&
      part !== undefined &&
      part + total >= 100 &&
      smallNumber(cursor.word(1)) !== undefined &&
      part % 100 === 0
    ) {
      cursor.at += 1;
      continue;
    } else {
      break;
    }
    cursor.at += 1;
  }
  return part === undefined ? undefined : String(total + part);
}

export function startsOperand(cursor: Cursor, offset: number): boolean {
  return cursor.peek(offset)?.kind === "number" || cursor.word(offset) === "(";
}
