// What stands in a goal as it is: quoted text, file names, dates, numbers and expressions in signs. Each becomes a mark.
import { escapeReferences } from "../plan/index.js";
import { Refusal, type Working } from "./working.js";

const QUOTED = /"([^"\n]*)"|(?<=^|[\s(])'([^'\n]*)'(?=$|[\s.,;:?!)])/g;
const PATH =
  /(?<![\w./-])(?:\.{0,2}\/)?(?:[\w-]+\/)*[\w-]+(?:\.[\w-]+)*\.[a-z][a-z\d]{0,4}\b(?!\/)|(?<![\w./-])(?:[\w-]+\/)+(?=[\s.,;:?!]|$)/gi;
const MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const DATE = new RegExp(
  `\\b\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d)?(?:Z|[+-]\\d\\d:\\d\\d)?)?\\b|\\b${MONTH} \\d{1,2}(?:st|nd|rd|th)?,? \\d{4}\\b|\\b\\d{1,2}(?:st|nd|rd|th)? ${MONTH},? \\d{4}\\b`,
  "gi",
);
const NUMBER = /(?:\d{1,3}(?:,\d{3})+(?!\d|,\d)|\d+)(?:\.\d+)?(?![\p{L}\d_‹])|\.\d+(?![\p{L}\d_‹])/uy;
const SIGN = /[-+−]\s?(?=[\d.(])/y;
const PERCENT = /\s?%(?!\s*[\d(])/y;
const OPERATOR = /\s*(?:\*\*|[-+*/^×÷·−])\s*|\s*%\s*(?=[\d(])/y;
const CALL =
  "(?:sqrt|abs|round|floor|ceil|min|max|sum|avg|mean|median|log10|log2|log|ln|exp|pow|sin|cos|tan)(?=\\()";
const SPELLED_NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const SPELLED = new RegExp(
  `(?<![\\w-])(?<!\\b(?:which|larger|smaller|bigger|greater|the|this|that|each) )(?:(${TENS.join("|")})(?:[- ](${SPELLED_NUMBERS.slice(1, 10).join("|")}))?|(${SPELLED_NUMBERS.join("|")}))(?![\\w-]| (?:of|third|quarter|half|hundred|thousand|million|billion)\\b)`,
  "gi",
);

/** Replaces what stands for itself by marks. */
export function markLiterals(goal: string, working: Working): string {
  if (/[‹›]|\d\s?!/.test(goal)) {
    throw new Refusal(goal);
  }
  if (new Set(goal.match(/[$€£¥]/g)).size > 1) {
    throw new Refusal(goal, "It has more than one currency.");
  }
  const text = goal
    .replace(/[“”„]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(QUOTED, (words, double?: string, single?: string) =>
      working.put({ kind: "t", text: escapeReferences(double ?? single ?? ""), words }),
    )
    .replace(/\bhttps?:\S+/g, (url) => working.put({ kind: "t", text: url, words: url }))
    .replace(PATH, (words) => working.put({ kind: "p", text: words.replace(/(?<=.)\/$/, ""), words }))
    .replace(DATE, (words) => {
      const plain = words.replace(/(\d)(?:st|nd|rd|th)\b/i, "$1");
      return working.put({ kind: "d", text: /^\d+ /.test(plain) ? plain.replace(",", "") : plain, words });
    })
    .replace(/[$€£¥](?=\s?\.?\d)/g, "")
    .replace(/(?<=\d)\s*x\s*(?=\d)/gi, " × ")
    .replace(/(?<=\d)(?:st|nd|rd|th)(?= power)/g, "")
    .replace(/\s*=\s*\??\s*$/, "");
  return markExpressions(text, working);
}

/** Marks numbers that are spelled in letters, where they are no part of "the two" or "which one". */
export function markSpelled(clause: string, working: Working): string {
  return clause.replace(SPELLED, (words, tens?: string, ones?: string, small?: string) => {
    const high = tens === undefined ? 0 : (TENS.indexOf(tens.toLowerCase()) + 2) * 10;
    const low = SPELLED_NUMBERS.indexOf((small ?? ones ?? "zero").toLowerCase());
    return working.put({ kind: "n", text: String(high + low), words });
  });
}

function markExpressions(text: string, working: Working): string {
  let marked = "";
  for (let at = 0; at < text.length; ) {
    const mark = take(/‹\w+›/y, text, at);
    const isInWord = /[\p{L}\d_.]/u.test(text.charAt(at - 1));
    const end = mark === 0 && !isInWord ? endOfExpression(text, at) : at;
    if (end === at) {
      marked += text.slice(at, at + (mark || 1));
      at += mark || 1;
      continue;
    }
    const words = text.slice(at, end);
    const share = /^([\d.]+)\s?%$/.exec(words)?.[1];
    const isShare = share !== undefined || (/^\d+\s?\/\s?\d+$/.test(words) && /^ of\b/.test(text.slice(end)));
    const plain = /^[\d,.]+$/.test(words) ? words.replaceAll(",", "") : words;
    marked += working.put({
      kind: isShare ? "s" : "n",
      text: share === undefined ? plain : `${share} / 100`,
      words,
    });
    at = end;
  }
  return marked;
}

/** Where the longest expression that starts at a place ends; the same place if none does. */
function endOfExpression(text: string, start: number): number {
  let end = start;
  for (let at = start; ; ) {
    const isFirst = at === start;
    const sign = isFirst && !/^$|[\s(,]/.test(text.charAt(at - 1)) ? 0 : take(SIGN, text, at);
    const operand = endOfOperand(text, at + sign);
    const percent = take(PERCENT, text, operand);
    if (operand === at + sign || (percent > 0 && !isFirst && take(/\s*of\b/y, text, operand + percent) > 0)) {
      return end;
    }
    end = operand + percent;
    const operator = take(OPERATOR, text, end);
    if (operator === 0) {
      return end;
    }
    at = end + operator;
  }
}

function endOfOperand(text: string, at: number): number {
  const open = at + take(new RegExp(CALL, "iy"), text, at);
  if (text.charAt(open) !== "(") {
    return at + take(NUMBER, text, at);
  }
  let depth = 0;
  for (let end = open; end < text.length; end += 1) {
    depth += text.charAt(end) === "(" ? 1 : text.charAt(end) === ")" ? -1 : 0;
    if (depth === 0) {
      const inside = text.slice(at, end + 1).replace(new RegExp(CALL, "gi"), "");
      return /^[\s\d.,+\-*/^×÷·−%()]*$/.test(inside) ? end + 1 : at;
    }
  }
  return at;
}

/** How many characters a sticky pattern takes at a place. */
function take(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}
