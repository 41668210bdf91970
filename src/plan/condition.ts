import { type JsonValue, quote } from "../base/index.js";
import { loneExpression } from "./references.js";

// The grammar of a step's `if`. A condition is parsed before its references are filled in, so no value becomes part of
// it.
//
//   any        = all { ( "||" | "or" ) all }
//   all        = not { ( "&&" | "and" ) not }
//   not        = ( "!" | "not" ) not | comparison
//   comparison = operand [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand ]
//   operand    = "(" any ")" | {{reference}} | "text" | 'text' | number | true | false | null
//
// A negation covers the comparison behind it, as people read it: `!{{1}} == 'open'` is `{{1}} != 'open'`.

/** A condition as a tree. A value may hold references. */
export type Condition =
  | { readonly kind: "value"; readonly value: JsonValue }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | {
      readonly kind: "comparison";
      readonly sign: string;
      readonly left: Condition;
      readonly right: Condition;
    };

/** What a condition says, or why it cannot be read. */
type ReadCondition =
  | { readonly ok: true; readonly condition: Condition }
  | { readonly ok: false; readonly reason: string };

/** Reads the text of a condition. */
export function readCondition(text: string): ReadCondition {
  try {
    return { ok: true, condition: new Parser(tokensOf(text)).read() };
  } catch (error) {
    if (error instanceof UnreadableError) {
      return { ok: false, reason: error.message };
    }
    throw error;
  }
}

/** Changes the values in a condition that can be read. What joins and compares them stays. */
export function mapOperands(text: string, change: (value: JsonValue) => JsonValue): string {
  return tokensOf(text)
    .map((token) => {
      const value = operandOf(token);
      return token.blanks + (value === undefined ? token.text : writeOperand(change(value)));
    })
    .join("");
}

/** Writes a value so that it reads as the same value in a condition; a list or an object is written as JSON. */
export function writeOperand(value: JsonValue): string {
  if (typeof value !== "string") {
    return JSON.stringify(value);
  }
  return loneExpression(value) === undefined ? `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"` : value;
}

class UnreadableError extends Error {}

interface Token {
  readonly kind: string;
  readonly text: string;
  /** The blanks before it. */
  readonly blanks: string;
}

/** The most tokens of a condition. The parser is recursive, so deep nesting would exhaust the stack. */
const MAX_TOKENS = 200;
const TOKEN_PATTERN =
  /(?<blanks>\s*)(?:(?<reference>\{\{[^{}]*\}\})|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w.])|(?<sign>&&|\|\||[!=]={0,2}|[<>]=?|[()]|[a-z]+(?!\w)))/isy;
const SIGNS: Readonly<Record<string, string>> = {
  "&&": "all",
  and: "all",
  "||": "any",
  or: "any",
  "!": "not",
  not: "not",
  "=": "==",
  "===": "==",
  "!==": "!=",
};
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", "<=", ">", ">="]);
const NAMED_VALUES: ReadonlyMap<string, JsonValue> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN_PATTERN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const start = pattern.lastIndex;
    const { blanks = "", ...kinds } = pattern.exec(text)?.groups ?? {};
    const [kind, found] = Object.entries(kinds).find(([, one]) => one !== undefined) ?? [];
    if (kind === undefined || found === undefined) {
      throw misplaced(text.slice(start).trim());
    }
    tokens.push({ kind, text: found, blanks });
    if (tokens.length > MAX_TOKENS) {
      throw new UnreadableError(`it has more than ${MAX_TOKENS} parts`);
    }
  }
  return tokens;
}

function operandOf({ kind, text }: Token): JsonValue | undefined {
  switch (kind) {
    case "reference":
      return loneExpression(text) === undefined ? undefined : text;
    case "text":
      return text.slice(1, -1).replaceAll(/\\(["'\\])/g, "$1");
    case "number":
      return Number(text);
    default:
      return NAMED_VALUES.get(text.toLowerCase());
  }
}

class Parser {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  read(): Condition {
    const condition = this.#any();
    const next = this.tokens[this.#at];
    if (next !== undefined) {
      throw misplaced(next.text);
    }
    return condition;
  }

  #any(): Condition {
    return this.#joined("any", () => this.#joined("all", () => this.#not()));
  }

  #joined(kind: "all" | "any", read: () => Condition): Condition {
    const first = read();
    const of = [first];
    while (this.#sign() === kind) {
      this.#at += 1;
      of.push(read());
    }
    return of.length === 1 ? first : { kind, of };
  }

  #not(): Condition {
    if (this.#sign() !== "not") {
      return this.#comparison();
    }
    this.#at += 1;
    return { kind: "not", of: this.#not() };
  }

  #comparison(): Condition {
    const left = this.#operand();
    const sign = this.#sign();
    if (!COMPARISONS.has(sign)) {
      return left;
    }
    this.#at += 1;
    return { kind: "comparison", sign, left, right: this.#operand() };
  }

  #operand(): Condition {
    const token = this.tokens[this.#at];
    if (token === undefined) {
      throw new UnreadableError("something is missing at its end");
    }
    this.#at += 1;
    if (token.text === "(") {
      const inside = this.#any();
      if (this.#sign() !== ")") {
        throw new UnreadableError('a "(" is not closed');
      }
      this.#at += 1;
      return inside;
    }
    const value = operandOf(token);
    if (value === undefined) {
      throw misplaced(token.text);
    }
    return { kind: "value", value };
  }

  /** What the next token means, if it is a sign or a word; "" if it is a value, or if there is none. */
  #sign(): string {
    const { kind, text = "" } = this.tokens[this.#at] ?? {};
    const word = kind === "sign" ? text.toLowerCase() : "";
    return SIGNS[word] ?? word;
  }
}

function misplaced(text: string): UnreadableError {
  return new UnreadableError(`${quote(text)} cannot stand where it does`);
}
