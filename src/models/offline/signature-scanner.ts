const jsonString = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const jsonWord = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/iy;

/** Goes over a line piece by piece. Patterns are sticky; what does not fit is a `SyntaxError`. */
export class SignatureScanner {
  private at = 0;

  constructor(private readonly line: string) {}

  /** The text of a pattern, where it stands here. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.line)?.[0];
    this.at += found?.length ?? 0;
    return found;
  }

  /** The text of a pattern, which has to stand here. */
  expect(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) throw this.unexpected(String(pattern.source));
    return found;
  }

  /** The text that a JSON string is. */
  takeJsonString(): string | undefined {
    const found = this.take(jsonString);
    return found === undefined ? undefined : String(JSON.parse(found));
  }

  /** A value in JSON, up to where it ends. */
  expectJson(): unknown {
    const from = this.at;
    const isComposed = /[[{]/.test(this.line[from] ?? "");
    if (!isComposed) this.take(jsonString) ?? this.expect(jsonWord);
    for (let depth = 0, isInside = isComposed; isInside; isInside = depth > 0) {
      const piece = this.take(jsonString) ?? this.expect(/[[\]{}]|[^"[\]{}]+/y);
      if (piece === "{" || piece === "[") depth += 1;
      if (piece === "}" || piece === "]") depth -= 1;
    }
    const value: unknown = JSON.parse(this.line.slice(from, this.at));
    return value;
  }

  /** Nothing more may stand here. */
  expectEnd(): void {
    if (this.at < this.line.length) throw this.unexpected("the end");
  }

  private unexpected(wanted: string): SyntaxError {
    return new SyntaxError(`At ${this.at}, in place of ${wanted}: ${this.line.slice(this.at, this.at + 20)}`);
  }
}
