/**
 * Rewrites arithmetic, as people and models write it, into source for the parser.
 *
 * 1. The result holds numbers, names, the operators + - * / % **, commas, parentheses and brackets, and
 *    nothing else: no strings, no properties, and no calls of anything but a name.
 * 2. `^`, `×`, `÷`, `·` and `−` are operators too.
 * 3. Grouping parentheses become `$group(…)`. The parser forgets them, but `(-2)^2` is not `-2^2`.
 * 4. A `%` that ends an operand becomes `$percent(…)`; a `%` followed by another operand is the remainder.
 *    Before a minus, the `%` ends the operand if no space precedes it: `10% - 3`, but `10 % -3`.
 * 5. A comma followed by three digits groups digits ("1,234.5"). Directly inside a function's arguments or a
 *    list it always separates.
 */
import { BuiltinToolError } from "../tool-errors.js";

const MAX_CHARACTERS = 10_000;
const MAX_DEPTH = 200;
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ["+", "+"],
  ["-", "-"],
  ["−", "-"],
  ["–", "-"],
  ["*", "*"],
  ["×", "*"],
  ["·", "*"],
  ["/", "/"],
  ["÷", "/"],
  ["^", "**"],
]);
const SPACE = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const GROUPED_NUMBER = /\d{1,3}(?:,\d{3})+(?![\d,]*\d)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const AFTER_PERCENT = /\s*(?:$|[)\],+*/^×÷·%]|of\b)/y;
const OF = /\s*of\b/y;

interface Bracket {
  readonly kind: "call" | "group" | "list";
  readonly start: number;
}

/** What grouping parentheses are called in the parser's source. */
export const GROUP = "$group";
/** What a percent sign after an operand is called in the parser's source. */
export const PERCENT = "$percent";

/** Rewrites an expression into the parser's source. Throws if it contains anything but arithmetic. */
export function toParserSource(expression: string): string {
  if (expression.length > MAX_CHARACTERS) {
    throw invalid(`The expression has ${expression.length} characters; ${MAX_CHARACTERS} are the most.`);
  }
  return new SourceWriter(expression).write();
}

class SourceWriter {
  private position = 0;
  private readonly tokens: string[] = [];
  private readonly brackets: Bracket[] = [];
  /** Index of the token where the operand that ends here starts. */
  private operandStart: number | undefined;

  constructor(private readonly text: string) {}

  write(): string {
    while (this.position < this.text.length) {
      this.writeToken();
    }
    const open = this.brackets.at(-1);
    if (open !== undefined) {
      throw invalid(`A "${open.kind === "list" ? "[" : "("}" is never closed.`);
    }
    return this.tokens.join(" ");
  }

  private writeToken(): void {
    if (this.take(SPACE) !== undefined) {
      return;
    }
    const operand = this.takeNumber() ?? this.take(NAME);
    const character = String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    if (operand !== undefined) {
      this.pushOperand(operand);
    } else if (character === "%") {
      this.writePercent();
    } else {
      this.writeSign(character);
    }
  }

  private writeSign(character: string): void {
    this.position += character.length;
    if (character === "(" || character === "[") {
      this.open(character);
    } else if (character === ")" || character === "]") {
      this.close(character);
    } else if (character === ",") {
      this.writeComma();
    } else {
      this.writeOperator(character);
    }
  }

  private writeOperator(character: string): void {
    const isPower = character === "*" && this.text[this.position] === "*";
    if (isPower) {
      this.position += 1;
    }
    const operator = isPower ? "**" : OPERATORS.get(character);
    if (operator === undefined) {
      throw invalid(
        `"${character}" at position ${this.position} is no arithmetic. Use numbers, + - * / % ^ and ( ). Compare in a condition.`,
      );
    }
    this.pushOther(operator);
  }

  private takeNumber(): string | undefined {
    const kind = this.brackets.at(-1)?.kind;
    const mayBeGrouped = kind === undefined || kind === "group";
    const number = (mayBeGrouped ? this.take(GROUPED_NUMBER) : undefined) ?? this.take(NUMBER);
    return number?.replaceAll(",", "");
  }

  private writeComma(): void {
    const kind = this.brackets.at(-1)?.kind;
    if (kind !== "call" && kind !== "list") {
      throw invalid(
        `The comma at position ${this.position} separates nothing. Write decimals with a point (3.5), thousands as 1,234, and arguments inside of a function: max(1, 2).`,
      );
    }
    this.pushOther(",");
  }

  private writePercent(): void {
    const isAttached = this.position > 0 && !/\s/.test(this.text[this.position - 1] ?? "");
    this.position += 1;
    const isBeforeMinus = /^\s*[-−–]/.test(this.text.slice(this.position, this.position + 20));
    const endsOperand = this.matches(AFTER_PERCENT) || (isBeforeMinus && isAttached);
    if (endsOperand) {
      this.endPercent();
    } else {
      this.pushOther("%");
    }
  }

  private endPercent(): void {
    if (this.operandStart === undefined) {
      throw invalid("A % has no number before it.");
    }
    this.tokens.splice(this.operandStart, 0, PERCENT, "(");
    this.tokens.push(")");
    if (this.take(OF) !== undefined) {
      this.pushOther("*");
    }
  }

  private open(character: "(" | "["): void {
    if (this.brackets.length >= MAX_DEPTH) {
      throw invalid(`More than ${MAX_DEPTH} brackets are open.`);
    }
    const previous = this.tokens.at(-1) ?? "";
    const isCall = character === "(" && /^[a-zA-Z_]/.test(previous);
    const start = isCall ? this.tokens.length - 1 : this.tokens.length;
    if (character === "(" && !isCall) {
      this.tokens.push(GROUP);
    }
    this.pushOther(character);
    this.brackets.push({ kind: isCall ? "call" : character === "(" ? "group" : "list", start });
  }

  private close(character: ")" | "]"): void {
    const opened = this.brackets.pop();
    if (opened === undefined || (opened.kind === "list") !== (character === "]")) {
      throw invalid(`The "${character}" at position ${this.position} closes nothing.`);
    }
    this.tokens.push(character);
    this.operandStart = opened.start;
  }

  private pushOperand(token: string): void {
    this.operandStart = this.tokens.length;
    this.tokens.push(token);
  }

  private pushOther(token: string): void {
    this.operandStart = undefined;
    this.tokens.push(token);
  }

  private matches(pattern: RegExp): boolean {
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const taken = pattern.exec(this.text)?.[0];
    if (taken !== undefined) {
      this.position += taken.length;
    }
    return taken;
  }
}

function invalid(message: string): BuiltinToolError {
  return new BuiltinToolError("INVALID_EXPRESSION", message);
}
