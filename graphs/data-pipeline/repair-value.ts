import { type Cell, type ColumnType, type Raw, toType } from "./cell.js";
import { parseDate } from "./dates.js";
import type { ColumnRule } from "./rules.js";

/** A value of that type that stands for one which is none; undefined where that would be a guess. */
export function repairType(raw: Raw, type: ColumnType, rule: ColumnRule): Cell | undefined {
  if (typeof raw !== "string") {
    return undefined;
  }
  const text = raw.trim();
  if (text === "") {
    return undefined;
  }
  const plain = toType(text, type);
  if (plain !== undefined) {
    return plain;
  }
  switch (type) {
    case "integer":
    case "number":
      return toType(plainNumber(text, rule.decimal) ?? text, type);
    case "boolean":
      return { yes: 1, y: 1, no: 0, n: 0 }[text.toLowerCase()];
    case "date":
      return parseDate(text, rule.formats ?? []);
    case "datetime":
      return parseDate(text, rule.formats ?? []);
    case "text":
    case "mixed":
      return undefined;
  }
}

/**
 * A number without the marks between its thousands and with a point before its decimals. "1,234" alone is either:
 * it is read only where a rule says what its comma is.
 */
function plainNumber(text: string, decimal: "." | "," | undefined): string | undefined {
  const bare = text.replace(/^\+/, "").replace(/[\s'\u00a0\u202f](?=\d{3}(?:\D|$))/gu, "");
  const sign = bare.startsWith("-") ? "-" : "";
  const digits = bare.slice(sign.length);
  const point = decimal ?? decimalMark(digits);
  if (point === undefined) {
    return /^\d+$/.test(digits) ? sign + withoutZeros(digits) : undefined;
  }
  const mark = point === "." ? "," : ".";
  const grouped = new RegExp(`^\\d{1,3}(?:\\${mark}\\d{3})+(?:\\${point}\\d+)?$`);
  const ungrouped = new RegExp(`^\\d+(?:\\${point}\\d+)?$`);
  if (!grouped.test(digits) && !ungrouped.test(digits)) {
    return undefined;
  }
  return sign + withoutZeros(digits.replaceAll(mark, "").replace(point, "."));
}

/** The mark that can only stand before decimals, if the text has one. */
function decimalMark(digits: string): "." | "," | undefined {
  const comma = digits.lastIndexOf(",");
  const point = digits.lastIndexOf(".");
  if (comma < 0 && point < 0) {
    return undefined;
  }
  if (comma >= 0 && point >= 0) {
    return comma > point ? "," : ".";
  }
  const mark = comma >= 0 ? "," : ".";
  const parts = digits.split(mark);
  // Several of one kind part thousands; one may do either, unless what follows is no group of three.
  if (parts.length > 2) {
    return mark === "," ? "." : ",";
  }
  if (mark === ".") {
    return ".";
  }
  return parts[1]?.length === 3 && (parts[0]?.length ?? 0) <= 3 && parts[0] !== "0" ? undefined : ",";
}

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}
