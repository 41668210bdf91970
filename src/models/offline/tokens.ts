/** What a piece of a goal is. */
export type TokenKind = "word" | "number" | "quote" | "path" | "url" | "email" | "date" | "symbol" | "item";

/** One piece of a goal: `text` is its meaning (lower case, cleaned), `raw` what stood there. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

const EXTENSION =
  "(?:txt|text|csv|tsv|json|jsonl|md|markdown|log|ya?ml|xml|html?|css|[cm]?[jt]sx?|py|rb|go|rs|java|sh|sql|ini|toml|conf|cfg|env|dat|out|rtf|tex|pdf|docx?|xlsx?)";
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";

const FILE_NAME = new RegExp(`^[\\w~./ -]*[\\w-]\\.${EXTENSION}$`, "i");

/** The ways a piece can look, the first that fits wins. A pattern's second entry gives kind and meaning. */
const PATTERNS: readonly (readonly [
  RegExp,
  (match: RegExpExecArray) => readonly [TokenKind, string] | undefined,
])[] = [
  [
    /[ \t\r]*\n[ \t]*(?:(?:step[ \t]+)?\(?(\d{1,2}|[a-h])[.):][ \t]+|[-*•–][ \t]+)?/iy,
    (m) => ["item", m[1] ?? ""],
  ],
  // What stands for a value of an input (input-pointers.ts).
  [/\ue000\d+\ue000/y, (m) => ["quote", m[0]]],
  [/"([^"]*)"|“([^”]*)”|`([^`]*)`|«([^»]*)»/y, (m) => quoted(m[1] ?? m[2] ?? m[3] ?? m[4] ?? "")],
  [/(?<![\w])['‘]([^'‘’\n]+)['’](?!\w)/y, (m) => quoted(m[1] ?? "")],
  [/https?:\/\/[^\s"'<>]*[^\s"'<>.,;:!?)]/iy, (m) => ["url", m[0]]],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/y, (m) => ["email", m[0]]],
  [new RegExp(`[\\w~./-]*[\\w-]\\.${EXTENSION}(?![\\w])(?!\\.\\w)`, "iy"), (m) => ["path", m[0]]],
  [/\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])/y, (m) => ["date", m[0]]],
  [
    new RegExp(`${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})\\b`, "iy"),
    (m) => toDate(m[3], m[1], m[2]),
  ],
  [
    new RegExp(`(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH},?\\s+(\\d{4})\\b`, "iy"),
    (m) => toDate(m[3], m[2], m[1]),
  ],
  [
    /(?:\.{0,2}\/)?[A-Za-z_][\w-]*\/(?:[\w./-]*[\w/-])?/y,
    (m) => (/^(?:and\/or|n\/a)$/i.test(m[0]) ? undefined : ["path", m[0]]),
  ],
  [/(?<=\d\s*)x(?=\s*[\d(])/iy, () => ["symbol", "*"]],
  [
    /(?<!\d,)[$€£]?\s?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\d+)(?![a-wyzA-Z_])/y,
    (m) => toNumber(m[1] ?? ""),
  ],
  [/\d+(?:st|nd|rd|th)\b/iy, (m) => ["word", m[0].toLowerCase()]],
  [/['’]s\b/y, () => ["word", "'s"]],
  [
    /[A-Za-z_\u00c0-\u024f][\w\u00c0-\u024f]*(?:-[A-Za-z_\u00c0-\u024f][\w\u00c0-\u024f]*)*/y,
    (m) => ["word", m[0].toLowerCase()],
  ],
  [/\*\*|>=|<=|!=|==|<>|\.\.\./y, (m) => ["symbol", m[0] === "**" ? "^" : m[0]]],
  [/\d+/y, (m) => ["number", m[0]]],
  [/[^\s]/y, (m) => ["symbol", SYMBOLS[m[0]] ?? m[0]]],
];

const SYMBOLS: Readonly<Record<string, string>> = {
  "×": "*",
  "·": "*",
  "∗": "*",
  "÷": "/",
  "−": "-",
  "–": "-",
  "—": ",",
  "≥": ">=",
  "≤": "<=",
  "≠": "!=",
};

/** Cuts a goal into pieces: numbers, quoted text, paths, dates, words, symbols, and the starts of list items. */
export function toTokens(goal: string): Token[] {
  const text = expandContractions(goal);
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[ \t\r]/.test(text.charAt(at)) && !/^[ \t\r]*\n/.test(text.slice(at, at + 40))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  for (const [pattern, read] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || match[0] === "") {
      continue;
    }
    const found = read(match);
    if (found === undefined) {
      continue;
    }
    return { kind: found[0], text: found[1], raw: match[0], start: at, end: at + match[0].length };
  }
  return { kind: "symbol", text: text.charAt(at), raw: text.charAt(at), start: at, end: at + 1 };
}

/** The goal as the tokens' positions count it: contractions written out. */
export function expandContractions(goal: string): string {
  return `\n${inlineLists(goal)}`
    .replace(/\b(what|how|that|it|who|where|here|there)['’]s\b/gi, "$1 is")
    .replace(/\b(is|are|does|do|did|was|were)n['’]t\b/gi, "$1 not")
    .replace(/\blet['’]s\b/gi, "")
    .replace(/\bi['’](?:d|ll)\b/gi, "I would");
}

const INLINE_MARKS: readonly (readonly [mark: RegExp, first: string])[] = [
  [/(?<=^|[\s:;,.])\(?(\d)(?:\)\s+(?=[\w(])|\.\s+(?=[A-Za-z]))/g, "1"],
  [/(?<=^|[\s:;,.])step\s+(\d)[:.)]\s+/gi, "1"],
  [/(?<=^|[\s:;,.])\(?([a-h])\)\s+(?=[\w(])/g, "a"],
];

/** "1) this 2) that" on one line becomes two lines, where the numbers run from 1. */
function inlineLists(goal: string): string {
  const isRow = (marks: readonly RegExpExecArray[], first: string): boolean =>
    marks.length > 1 &&
    marks.every((mark, index) => mark[1] === String.fromCharCode(first.charCodeAt(0) + index));
  for (const [mark, first] of INLINE_MARKS) {
    if (isRow([...goal.matchAll(mark)], first)) {
      return goal.replace(mark, "\n$&");
    }
  }
  return goal;
}

function quoted(content: string): readonly [TokenKind, string] {
  return FILE_NAME.test(content.trim()) ? ["path", content.trim()] : ["quote", content];
}

/** A number with thousand separators; "100,200,300" is more likely a list, so it is no single number. */
function toNumber(raw: string): readonly [TokenKind, string] | undefined {
  const groups = raw.split(",");
  const likelyList =
    groups.length > 2 && groups[0]?.length === 3 && groups.slice(1).some((group) => group !== "000");
  return likelyList ? undefined : ["number", groups.join("").replace(/^\./, "0.")];
}

function toDate(year = "", month = "", day = ""): readonly [TokenKind, string] {
  const index = MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
  return ["date", `${year}-${String(index).padStart(2, "0")}-${day.padStart(2, "0")}`];
}
