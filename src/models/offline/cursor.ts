import type { Token, TokenKind } from "./tokens.js";

/** A place in a row of tokens, moved on by what is understood. */
export class Cursor {
  readonly tokens: readonly Token[];
  at: number;
  /** The text that the tokens were cut from. */
  readonly source: string;

  constructor(tokens: readonly Token[], source: string, at = 0) {
    this.tokens = tokens;
    this.source = source;
    this.at = at;
  }

  /** True when every token was understood. */
  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  /** The token here, or further on. */
  peek(offset = 0): Token | undefined {
    return this.tokens[this.at + offset];
  }

  /** The word or symbol here; empty for quotes, numbers and the like. */
  word(offset = 0): string {
    const token = this.peek(offset);
    return token !== undefined && (token.kind === "word" || token.kind === "symbol") ? token.text : "";
  }

  /** Whether one of the phrases stands here: the first that does, or undefined. */
  sees(...phrases: readonly string[]): string | undefined {
    return phrases.find((phrase) => phrase.split(" ").every((part, index) => this.word(index) === part));
  }

  /** Moves over the first of the phrases that stands here and returns it. */
  take(...phrases: readonly string[]): string | undefined {
    const found = this.sees(...phrases);
    if (found !== undefined) {
      this.at += found.split(" ").length;
    }
    return found;
  }

  /** Moves over every phrase of the list, in any order, as long as one stands here. */
  skip(phrases: readonly string[]): void {
    while (this.take(...phrases) !== undefined) {}
  }

  /** Moves over a token of one of the kinds and returns it. */
  takeKind(...kinds: readonly TokenKind[]): Token | undefined {
    const token = this.peek();
    if (token === undefined || !kinds.includes(token.kind)) {
      return undefined;
    }
    this.at += 1;
    return token;
  }

  /** The goal's own words between two places. */
  rawBetween(from: number, to: number): string {
    const first = this.tokens[from];
    const last = this.tokens[to - 1];
    return first === undefined || last === undefined ? "" : this.source.slice(first.start, last.end).trim();
  }

  /** Tries something; where it gives nothing, the place is as before. */
  attempt<T>(parse: () => T | undefined): T | undefined {
    const before = this.at;
    const found = parse();
    if (found === undefined) {
      this.at = before;
    }
    return found;
  }
}
